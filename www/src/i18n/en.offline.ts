/** Sentences about working without a network and about new versions. In English; see en.ts. */
export const enOffline = {
  offline: {
    update: 'A new version is ready.',
    updateLoses: 'Reloading closes the log: save the project first if you want to keep it.',
    reload: 'Reload',
    later: 'Later',
    ready: 'Works without a network: the page and its engine are kept in this browser.',
    preparing: 'Getting ready to work without a network…',
    none: 'Needs the network to open: this browser does not keep the page.',
  },
};

export type OfflineMessages = typeof enOffline;
