/** What can go wrong with a project, by code; the catalogues have the words. */

export type ProblemCode =
  /** Not a project of Driftscope. */
  | 'foreign'
  /** Written by a later version. */
  | 'later'
  /** Cut off or changed since it was written. */
  | 'damaged'
  | 'passphrase'
  /** The browser's storage is full. */
  | 'full'
  /** This browser keeps no files for pages, or not now. */
  | 'unsupported'
  /** This browser, or this address, can neither compress nor encrypt for pages. */
  | 'incapable'
  /** Open in another tab. */
  | 'elsewhere'
  /** No longer there. */
  | 'gone';

export class ProjectProblem extends Error {
  override readonly name = 'ProjectProblem';
  constructor(readonly code: ProblemCode) {
    super(code);
  }
}
