/** Sentences about working without a network, about new versions, and about what a browser holds back. In English; see en.ts. */
export const enOffline = {
  offline: {
    update: 'A new version is ready.',
    updateLoses: 'Reloading closes the log: save the project first if you want to keep it.',
    reload: 'Reload',
    later: 'Later',
    ready: 'Works without a network: the page and its engine are kept in this browser.',
    preparing: 'Getting ready to work without a network…',
    none: 'Needs the network to open: this browser does not keep the page.',
    /** What this browser, or this address, holds back. */
    limits: {
      insecure:
        'This address is not a secure one (https, or this machine): browsers hold back projects, WebGPU and working without a network there.',
      packing: 'This browser cannot compress for pages: projects can neither be saved nor opened.',
      files: 'This browser keeps no files for pages: projects are saved as files of your own.',
      webgpu: 'This browser has no WebGPU here: networks train on the CPU, which is often as quick for small ones.',
    },
  },
};

export type OfflineMessages = typeof enOffline;
