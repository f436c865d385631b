/** What JSX is compiled to; the build puts it into every file. */
export { Fragment, h } from "preact";
