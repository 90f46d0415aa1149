import 'virtual:theme.css';
import { App } from './app.js';

new App(document.getElementById('page')!, document.getElementById('announcer')!).start();
