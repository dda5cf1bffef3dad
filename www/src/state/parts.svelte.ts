/**
 * The parts of the page that nobody needs before a log is there: charts and the steps that draw them, projects, report, tour,
 * the other languages. They are fetched once the page is usable, and are there before it seals itself, since a sealed page can
 * fetch no script.
 */
import { DriftscopeError, type ErrorShape } from 'driftscope';
import { loadCatalogue, LOCALES } from '../i18n/index.svelte';

async function fetchParts() {
  const [Interest, Training, Forecast, ProjectDialog, ReportDialog, Tour] = await Promise.all([
    import('../stages/Interest.svelte'),
    import('../stages/Training.svelte'),
    import('../stages/Forecast.svelte'),
    import('../components/project/ProjectDialog.svelte'),
    import('../components/ReportDialog.svelte'),
    import('../components/Tour.svelte'),
    ...LOCALES.map(({ id }) => loadCatalogue(id)),
  ]);
  return {
    Interest: Interest.default,
    Training: Training.default,
    Forecast: Forecast.default,
    ProjectDialog: ProjectDialog.default,
    ReportDialog: ReportDialog.default,
    Tour: Tour.default,
  };
}

class Parts {
  /** The components, as soon as all of them are there. */
  now = $state.raw<Awaited<ReturnType<typeof fetchParts>> | null>(null);
  failure = $state.raw<ErrorShape | null>(null);
  #fetching: Promise<void> | null = null;

  /** Resolves when all parts are there. */
  fetch(): Promise<void> {
    this.#fetching ??= this.#fetch();
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    this.failure = null;
    try {
      this.now = await fetchParts();
    } catch (thrown) {
      this.#fetching = null;
      this.failure = { code: 'network', message: String(thrown), detail: {} };
      throw new DriftscopeError(this.failure);
    }
  }

  /** Loads the page anew, since browsers remember which script failed. Without a connection it stays as it is. */
  async retry(): Promise<void> {
    try {
      const { ok } = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
      if (ok) location.reload();
    } catch {
      // The failure goes on to be shown.
    }
  }
}

export const parts = new Parts();
