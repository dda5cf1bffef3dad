import { mount } from 'svelte';
import App from './App.svelte';
import { offline } from './offline/offline.svelte';
import { followHistory } from './state/history';
import { session } from './state/session.svelte';
import { settings } from './state/settings.svelte';
import { views } from './state/views.svelte';
import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';

function start(): void {
  void session.start();
  offline.start();
  views.open(location.hash);
  followHistory((target) => {
    session.return(target.step);
    views.restore(target);
  });
  const target = document.getElementById('app');
  settings.start().then(
    () => target && mount(App, { target }),
    // No catalogue is there to say it from.
    () =>
      target?.append(
        'Driftscope could not be fetched. Check the connection and reload the page. · ',
        'Driftscope 未能加载。请检查网络后重新加载页面。',
      ),
  );
}

// Where `check.js` has said what the browser lacks, nothing is fetched and nothing would run.
if (!document.documentElement.dataset.lacking) start();
