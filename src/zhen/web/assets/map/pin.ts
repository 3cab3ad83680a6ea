import { Marker, type LngLat, type Map as MapLibre } from "maplibre-gl";

type At = { lng: number; lat: number };
const STEP = 6; // pixels an arrow key moves the pin; with Shift five times as far
const NEAR = 17;

/**
 * A pin that is dragged, put by a tap, or moved with the arrow keys. Its place stands in the form's fields `lon` and
 * `lat`; the form says `zhen:place` when an address or a position has chosen one, the pin says `zhen:pin`.
 */
export function bind(map: MapLibre, frame: HTMLElement): void {
  const form = frame.closest("form");
  const field = (name: string): HTMLInputElement | null => form?.querySelector<HTMLInputElement>(`input[name="${name}"]`) ?? null;
  const [lon, lat] = [field("lon"), field("lat")];
  if (!form || !lon || !lat) return;
  const pin = handle(frame);
  const marker = new Marker({ element: pin, anchor: "bottom", draggable: true });
  let onMap = false;

  const put = (at: At, { tell = true, near = false } = {}): void => {
    marker.setLngLat([at.lng, at.lat]);
    if (!onMap) marker.addTo(map);
    onMap = true;
    lon.value = at.lng.toFixed(6);
    lat.value = at.lat.toFixed(6);
    frame.dataset["pinned"] = `${lon.value},${lat.value}`;
    if (near) map.jumpTo({ center: [at.lng, at.lat], zoom: Math.max(map.getZoom(), NEAR) });
    if (tell) form.dispatchEvent(new CustomEvent("zhen:pin"));
  };

  if (lon.value && lat.value) put({ lng: Number(lon.value), lat: Number(lat.value) }, { near: true });
  marker.on("dragend", () => put(marker.getLngLat()));
  map.on("click", (event) => put(event.lngLat));
  form.addEventListener("zhen:place", (event) => put((event as CustomEvent<At>).detail, { near: true, tell: false }));
  form.querySelector("[data-pin-middle]")?.addEventListener("click", () => {
    put(map.getCenter());
    pin.focus();
  });
  let timer: number | undefined;
  pin.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? STEP * 5 : STEP;
    const from = map.project(marker.getLngLat());
    const to = map.unproject([from.x + by[0]! * far, from.y + by[1]! * far]);
    put(to, { tell: false });
    if (!map.getBounds().contains(to)) map.panTo(to as LngLat, { duration: 0 });
    clearTimeout(timer);
    timer = window.setTimeout(() => form.dispatchEvent(new CustomEvent("zhen:pin")), 400);
  });
}

function handle(frame: HTMLElement): HTMLButtonElement {
  const pin = document.createElement("button");
  pin.type = "button";
  pin.className = "pin";
  pin.setAttribute("aria-label", frame.dataset["pinLabel"] ?? "");
  const icon = frame.querySelector<HTMLTemplateElement>("template[data-pin-icon]");
  if (icon) pin.append(icon.content.cloneNode(true));
  // a press on the pin is no tap on the map under it
  pin.addEventListener("click", (event) => event.stopPropagation());
  return pin;
}
