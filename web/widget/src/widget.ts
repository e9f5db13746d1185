/** The script a page includes: defines the element, once. */

import { NavmatchMatches } from "./element";

const NAME = "navmatch-matches";

if (!customElements.get(NAME)) {
  customElements.define(NAME, NavmatchMatches);
}
