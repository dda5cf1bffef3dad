import { mount } from 'svelte';
import App from './App.svelte';
import { followHistory } from './state/history';
import { session } from './state/session.svelte';
import { settings } from './state/settings.svelte';
import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';

settings.start();
followHistory((step) => session.return(step));
const target = document.getElementById('app');
if (target) mount(App, { target });
void session.start();
