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

settings.start();
views.open(location.hash);
followHistory((target) => {
  session.return(target.step);
  views.restore(target);
});
const target = document.getElementById('app');
if (target) mount(App, { target });
void session.start();
void offline.start();
