/** Planted attempts to get data out of a page. */
/** A way by which something could leave a page. */
export type LeakWay =
  | 'fetch'
  | 'xhr'
  | 'beacon'
  | 'websocket'
  | 'eventsource'
  | 'webrtc'
  | 'image'
  | 'media'
  | 'script'
  | 'style'
  | 'font'
  | 'iframe'
  | 'object'
  | 'form'
  | 'prefetch'
  | 'import'
  | 'importscripts'
  | 'worker';

/**
 * What became of one planted attempt. `blocked`: a policy forbade it, or there is no such way here; `passed`: the host
 * answered; `failed`: nothing came of it, and the browser does not say why.
 */
export interface LeakAttempt {
  /** Where it was tried. */
  from: 'page' | 'worker';
  /** How it was tried. */
  way: LeakWay;
  /** What became of it. */
  outcome: 'blocked' | 'passed' | 'failed';
}
