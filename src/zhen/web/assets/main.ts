// The one script of every page: small behaviours bound by data attributes. Heavy parts come when a page has them.
import "./styles/index.css";
import { ensureChineseFont } from "./scripts/font";
import { bindConfirm } from "./scripts/confirm";
import { bindDialogs } from "./scripts/dialogs";
import { bindForms } from "./scripts/forms";
import { bindKeys } from "./scripts/keys";
import { bindLists } from "./scripts/lists";
import { bindLive } from "./scripts/live";
import { bindMenus } from "./scripts/menus";
import { bindPasskeys } from "./scripts/passkeys";
import { bindSearch } from "./scripts/search";
import { report } from "./scripts/report";

ensureChineseFont();
bindConfirm();
bindDialogs();
bindMenus();
bindForms();
bindLists();
bindSearch();
bindPasskeys();
bindKeys();
bindLive();

const on = (selector: string, load: () => Promise<{ bind: () => void }>): void => {
  if (document.querySelector(selector)) load().then((part) => part.bind(), report);
};
on("[data-map]", () => import("./map/map"));
on("[data-chart]", () => import("./chart/chart"));
on("[hx-get], [hx-post], [data-hx-get], [data-hx-post]", () => import("./scripts/htmx"));
on("[data-plan-review]", () => import("./plan-review"));
on("[data-upload]", () => import("./scripts/upload"));
on("[data-pins]", () => import("./scripts/pins"));
on("[data-redaction]", () => import("./scripts/redaction"));
on("[data-when]", () => import("./scripts/conditions"));
on("[data-case-list], details.deed", () => import("./scripts/cases"));
on("[data-marks]", () => import("./scripts/marks"));
on("[data-field]", () => import("./scripts/field"));
on("form[data-report]", () => import("./scripts/report-form"));
on("form[data-report], form[data-near]", () => import("./scripts/report-form"));
on("[data-worker]", () => import("./scripts/worker-register"));
