/** What is said about something that keeps files from being read. */
import type { Obstacle } from '../state/plans';
import type { Format } from './format';
import type { Messages } from './en';

export function obstacleText(obstacle: Obstacle, t: Messages, format: Format): string {
  if (obstacle.code !== 'badTimes') return t.columns[obstacle.code];
  return t.columns.badTimes(format.integer(obstacle.parsed), format.integer(obstacle.seen));
}
