/** Firefox, as Debian's extended support release where that is there. */
import { describeBrowser } from './suite';

describeBrowser('firefox', {
  lacks: [],
  webrtc: true,
  keepsFiles: true,
  unsaidInWorkers: ['Server events', 'Worker'],
});
