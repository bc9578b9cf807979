/** Starts the window's pages. */
import { mount } from 'svelte';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/moods.css';
import './styles/portal.css';

const target = document.getElementById('app');
target?.replaceChildren();
if (target) mount(App, { target });
