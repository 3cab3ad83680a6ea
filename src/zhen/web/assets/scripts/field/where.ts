/** Where I am: asked for once by a press, used on this phone, followed never. */
import { report } from "../report";

const ONCE: PositionOptions = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };

export function bindWhere(): void {
  document.querySelector<HTMLButtonElement>("[data-near]")?.addEventListener("click", nearest);
  document.querySelector<HTMLButtonElement>("[data-locate]")?.addEventListener("click", locate);
  document.querySelector<HTMLDetailsElement>("[data-map-later]")?.addEventListener("toggle", drawMap, { once: true });
}

function position(button: HTMLButtonElement, state: HTMLElement, found: (at: GeolocationCoordinates) => void): void {
  const failed = (): void => {
    button.removeAttribute("aria-busy");
    state.textContent = button.dataset["failed"]!;
  };
  if (!navigator.geolocation) return failed();
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    button.removeAttribute("aria-busy");
    found(coords);
  }, failed, ONCE);
}

function nearest(event: Event): void {
  const button = event.currentTarget as HTMLButtonElement;
  const state = document.querySelector<HTMLElement>("[data-near-state]")!;
  position(button, state, (at) => {
    for (const list of document.querySelectorAll<HTMLElement>("[data-stops]")) {
      const rows = [...list.children] as HTMLElement[];
      const far = new Map(rows.map((row) => [row, metres(at, row)]));
      for (const row of rows) row.querySelector("[data-metres]")!.textContent = written(far.get(row)!, button);
      list.append(...rows.sort((one, other) => far.get(one)! - far.get(other)!));
    }
    state.textContent = button.dataset["done"]!;
  });
}

function metres(at: GeolocationCoordinates, row: HTMLElement): number {
  if (!row.dataset["lon"]) return Infinity;
  const radians = Math.PI / 180;
  const x = (Number(row.dataset["lon"]) - at.longitude) * radians * Math.cos(at.latitude * radians);
  const y = (Number(row.dataset["lat"]) - at.latitude) * radians;
  return Math.hypot(x, y) * 6_371_000;
}

function written(far: number, button: HTMLElement): string {
  if (far === Infinity) return "";
  return far < 1000 ? ` ${Math.round(far / 10) * 10} ${button.dataset["unitM"]!}` : ` ${(far / 1000).toFixed(1)} ${button.dataset["unitKm"]!}`;
}

function locate(event: Event): void {
  const button = event.currentTarget as HTMLButtonElement;
  const form = button.closest("form")!;
  const state = form.querySelector<HTMLElement>("[data-locate-state]")!;
  position(button, state, ({ longitude, latitude, accuracy }) => {
    for (const [name, degrees] of [["lon", longitude], ["lat", latitude]] as const)
      form.querySelector<HTMLInputElement>(`input[name="${name}"]`)!.value = degrees.toFixed(6);
    form.dispatchEvent(new CustomEvent("zhen:place", { detail: { lng: longitude, lat: latitude } }));
    state.textContent = button.dataset["found"]!.replace("{n}", String(Math.round(accuracy)));
  });
}

/** The map is heavy, and comes only for whoever wants it. */
function drawMap(event: Event): void {
  const box = event.currentTarget as HTMLElement;
  box.append(box.querySelector("template")!.content.cloneNode(true));
  import("../../map/map").then((map) => map.bind(), report);
}
