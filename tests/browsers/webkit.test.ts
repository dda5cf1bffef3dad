/** WebKitGTK: the nearest to Safari that runs on other systems. */
import { describeBrowser } from './suite';

describeBrowser('webkit', {
  lacks: ['page-prefetch'],
  webrtc: false,
  keepsFiles: false,
  unsaidInWorkers: [
    'Imported module',
    'Imported script',
    'Request (XMLHttpRequest)',
    'Request (fetch)',
    'Server events',
    'WebSocket',
    'Worker',
  ],
});
