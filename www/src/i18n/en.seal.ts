/** The sentences about the seal. In English; see en.ts. */
export const enSeal = {
  open: 'Not sealed yet',
  closed: 'Sealed',
  openShort: 'Seals itself before it takes a file',
  title: 'This page and your data',
  openText:
    'The page holds no file yet. Before it takes the first one it seals itself: it adds a Content-Security-Policy that forbids this tab every connection, to its own host too.',
  closedText:
    'This tab can neither send nor load anything any more, to its own host either. That lasts until you close or reload it; nothing in the page can undo it.',
  means: 'What that covers',
  covers:
    'Requests of every kind (fetch, XHR, beacons, WebSocket, server events), images, scripts, styles, fonts, frames, forms, prefetching, imported code and workers; in the page and in the engine’s workers. WebRTC, which such policies do not cover, is removed.',
  limits: 'What it does not cover',
  notCovered:
    'What you do yourself: following a link, or handing on a file that you saved. Browser extensions, which stand above any page. And what the host delivered before the seal: if you do not trust it, use a copy of your own.',
  check: 'See for yourself',
  checkText:
    'This button seals the page, if it is not sealed, and then tries to reach the page’s own host in every way, with an address that holds no data. You can watch the same in the Network tab of your browser’s developer tools.',
  tryIt: 'Try to leak',
  trying: 'Trying…',
  from: { page: 'page', worker: 'engine' },
  outcomes: { blocked: 'blocked', passed: 'got out', failed: 'failed' },
  allBlocked: (count: string) => `All ${count} attempts were stopped.`,
  somePassed: (count: string) => `${count} attempts got out: do not use this page for data that may not leave.`,
  ways: {
    fetch: 'Request (fetch)',
    xhr: 'Request (XMLHttpRequest)',
    beacon: 'Beacon',
    websocket: 'WebSocket',
    eventsource: 'Server events',
    webrtc: 'WebRTC',
    image: 'Image',
    media: 'Video',
    script: 'Script',
    style: 'Style sheet',
    font: 'Font',
    iframe: 'Frame',
    object: 'Embedded object',
    form: 'Form',
    prefetch: 'Prefetch',
    import: 'Imported module',
    importscripts: 'Imported script',
    worker: 'Worker',
  },
  way: 'Way out',
  whence: 'From',
  outcome: 'Outcome',
};
