import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { report } from "../scripts/report";

/**
 * Clusters that the server counts: asked for anew whenever the map has come to rest, and swapped in one go. An answer
 * that a later move has overtaken is dropped.
 */
export function follow(map: MapLibre, frame: HTMLElement, address: string): void {
  let asking: AbortController | undefined;
  const load = async (): Promise<void> => {
    asking?.abort();
    asking = new AbortController();
    const bounds = map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((degrees) => degrees.toFixed(5));
    const query = new URLSearchParams({ bbox: box.join(","), zoom: map.getZoom().toFixed(2) });
    const answer = await fetch(`${address}${address.includes("?") ? "&" : "?"}${query}`, { signal: asking.signal });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    const found = (await answer.json()) as FeatureCollection;
    (map.getSource("points") as GeoJSONSource | undefined)?.setData(found);
    frame.dataset["spots"] = String(found.features.length);
  };
  const soon = (): void => void load().catch((fault: unknown) => {
    if (!(fault instanceof DOMException && fault.name === "AbortError")) report(fault);
  });
  map.on("moveend", soon);
  map.on("style.load", soon);
}

/** A case that is on the map and not in the list beside it: what it is, and the way to it. */
export function readMore(frame: HTMLElement, properties: Record<string, unknown>): void {
  const card = frame.parentElement?.querySelector<HTMLElement>("[data-map-card]");
  if (!card || typeof properties["url"] !== "string") return;
  const link = document.createElement("a");
  link.href = properties["url"];
  link.textContent = `${String(properties["number"])} ${String(properties["name"])}`.trim();
  card.replaceChildren(link);
}
