/** Tells what the set-up is about to do and why. */
export function say(what, why) {
  console.log(`setup: ${what}${why ? ` (${why})` : ''}`);
}
