/** What the build tells the service worker. */
export interface Build {
  /** Changes whenever a file does. */
  version: string;
  /** Files that are kept at once, relative to the page; `./` is the page itself. */
  files: string[];
  /** Files that are kept when they were first used: the big engine. */
  later: string[];
}
