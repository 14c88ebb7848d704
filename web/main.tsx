import './look/variables.css';
import './look/base.css';
import './look/controls.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { followLinks } from './navigation.ts';
import { listenToKeys } from './shell/keys.ts';
import { setTheme, storedTheme } from './shell/theme.ts';

setTheme(storedTheme());
followLinks();
listenToKeys();
const root = document.querySelector('#root');
if (root) render(<App />, root);
