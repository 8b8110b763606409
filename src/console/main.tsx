import { render } from "preact";

import { App } from "./app.tsx";
// oxlint-disable-next-line import/no-unassigned-import -- the style of the page
import "./styles.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
