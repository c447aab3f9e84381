import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

function icon(paths: SVGTemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${paths}</svg>`;
}

/** How a state or a choice looks and what it is called. */
export interface Face {
  readonly text: string;
  readonly icon: TemplateResult;
}

/** The mark: a floor plan whose rooms all open onto one another. */
export const markIcon = icon(
  svg`<path d="M3 9.5V3h18v18h-7M3 15v6h6M12 3v4.5M12 12.5V16M12 12.5h4M21 12.5h-1.2" />`,
);
export const dashboardIcon = icon(svg`<path d="M4 4h7v9H4zM15 4h5v5h-5zM15 13h5v7h-5zM4 17h7v3H4z" />`);
export const chatIcon = icon(svg`<path d="M4 5h16v11h-8l-4.5 4v-4H4zM8 9.2h8M8 12.2h5" />`);
export const latencyIcon = icon(svg`<path d="M3 13h4l2.5-7 4 12 2.5-7 1.2 2H21" />`);
export const doctorIcon = icon(
  svg`<path d="M6.5 3.5H5v5.2a4.3 4.3 0 0 0 8.6 0V3.5h-1.5M9.3 13v2.2a4.6 4.6 0 0 0 9.2 0v-2.4" /><circle cx="18.5" cy="10.6" r="2.2" />`,
);
export const sunIcon = icon(
  svg`<circle cx="12" cy="12" r="3.8" /><path d="M12 3v1.8M12 19.2V21M3 12h1.8M19.2 12H21M5.6 5.6l1.3 1.3M17.1 17.1l1.3 1.3M5.6 18.4l1.3-1.3M17.1 6.9l1.3-1.3" />`,
);
export const moonIcon = icon(svg`<path d="M20 14.2A8.2 8.2 0 0 1 9.8 4a8.2 8.2 0 1 0 10.2 10.2z" />`);
export const autoThemeIcon = icon(
  svg`<circle cx="12" cy="12" r="8" /><path d="M12 4v16a8 8 0 0 0 0-16z" fill="currentColor" />`,
);
export const connectedIcon = icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5" />`);
export const waitingIcon = icon(svg`<circle cx="12" cy="12" r="8" /><path d="M12 7.5V12l3 2" />`);
export const brokenIcon = icon(svg`<path d="M12 4l9 16H3zM12 10v4.5M12 17.2v.1" />`);
export const closeIcon = icon(svg`<path d="M6 6l12 12M18 6L6 18" />`);
export const sendIcon = icon(svg`<path d="M4 12l16-8-5.5 16-3-6.5zM11.5 13.5L20 4" />`);
export const linkIcon = icon(
  svg`<path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1" />`,
);
export const searchIcon = icon(svg`<circle cx="11" cy="11" r="6.2" /><path d="M15.6 15.6L20 20" />`);
export const membersIcon = icon(
  svg`<circle cx="9" cy="8.5" r="3.2" /><path d="M3.5 19.5c.5-3.5 2.6-5.3 5.5-5.3s5 1.8 5.5 5.3M15.5 5.6a3.2 3.2 0 0 1 0 5.8M17.3 14.8c1.8.8 2.9 2.3 3.2 4.7" />`,
);
export const roomsIcon = icon(svg`<path d="M4 10V4h16v16h-6M4 15v5h5M12 4v5M12 14v2M12 14h4" />`);
export const playIcon = icon(svg`<path d="M7.5 5l11 7-11 7z" />`);
export const stopIcon = icon(svg`<path d="M6.5 6.5h11v11h-11z" />`);
export const downIcon = icon(svg`<path d="M12 5v13M6 12.5l6 6 6-6" />`);
export const upIcon = icon(svg`<path d="M12 19V6M6 11.5l6-6 6 6" />`);
export const retryIcon = icon(svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 4v4.5H15" />`);
export const lockIcon = icon(svg`<path d="M5.5 10.5h13v9h-13zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" />`);
export const chevronIcon = icon(svg`<path d="M7 10l5 5 5-5" />`);
export const tryIcon = icon(svg`<path d="M3.5 5h17v14h-17zM7.5 9.5l3 2.5-3 2.5M12.5 15h4" />`);
export const copyIcon = icon(svg`<path d="M9 9h11v11H9zM6 15H4V4h11v2" />`);
export const plusIcon = icon(svg`<path d="M12 5.5v13M5.5 12h13" />`);
export const stateIcon = icon(
  svg`<path d="M4.5 6c0-1.4 3.4-2.5 7.5-2.5s7.5 1.1 7.5 2.5v12c0 1.4-3.4 2.5-7.5 2.5S4.5 19.4 4.5 18zM4.5 6c0 1.4 3.4 2.5 7.5 2.5s7.5-1.1 7.5-2.5M4.5 12c0 1.4 3.4 2.5 7.5 2.5s7.5-1.1 7.5-2.5" />`,
);
export const editIcon = icon(svg`<path d="M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5" />`);
export const removeIcon = icon(
  svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5" />`,
);
export const skipIcon = icon(svg`<path d="M7.5 12h9" />`);
export const spinIcon = icon(svg`<path d="M12 4.5a7.5 7.5 0 1 1-7.5 7.5" />`);
export const fileIcon = icon(svg`<path d="M13.5 3.5H6v17h12V8zM13.5 3.5V8H18" />`);
export const printIcon = icon(svg`<path d="M7 9V4h10v5M7 17H4.5V9h15v8H17M7.5 14h9v6h-9z" />`);
export const infoIcon = icon(svg`<circle cx="12" cy="12" r="8" /><path d="M12 11.5v4M12 8.2v.1" />`);
