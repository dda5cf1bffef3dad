/** Whether the page works without a network, and whether a new version waits. */

class Offline {
  /** `ready`: page and engine are kept. `none`: this browser, or this address, keeps no pages. */
  state = $state<'none' | 'preparing' | 'ready'>('none');
  #waiting = $state.raw<ServiceWorker | null>(null);
  /** Resolves when the service worker is registered, or cannot be. */
  registered: Promise<void> = Promise.resolve();

  /** Whether a new version is there. */
  get update(): boolean {
    return this.#waiting !== null;
  }

  /** Registers the service worker: a sealed page could not. */
  start(): void {
    this.registered = this.#register();
  }

  async #register(): Promise<void> {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    try {
      const registration = await navigator.serviceWorker.register('./service-worker.js');
      this.state = registration.active ? 'ready' : 'preparing';
      this.#follow(registration);
      void navigator.serviceWorker.ready.then(() => (this.state = 'ready'));
    } catch {
      // Forbidden here, or the network failed on the way: the page works as long as it is open.
      this.state = 'none';
    }
  }

  #follow(registration: ServiceWorkerRegistration): void {
    const offer = (): void => {
      // Without a page that it controls already, this is the first version.
      if (registration.waiting && navigator.serviceWorker.controller) this.#waiting = registration.waiting;
    };
    offer();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', offer);
    });
  }

  /** Takes the new version: the page starts anew. */
  reload(): void {
    if (!this.#waiting) return;
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    this.#waiting.postMessage('update');
  }

  /** Leaves it for the next visit. */
  later(): void {
    this.#waiting = null;
  }
}

export const offline = new Offline();
