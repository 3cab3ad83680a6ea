import type { FeatureCollection, Feature, Position } from "geojson";
import { LngLatBounds, Map as MapLibre, NavigationControl, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "./map.css";
import { choose } from "../scripts/keys";
import { report } from "../scripts/report";
import { onThemeChange } from "../scripts/tokens";
import { shape } from "./shapes";
import { follow, readMore } from "./clusters";
import { EMPTY, quietStyle, TONES } from "./style";

setWorkerUrl(workerUrl);

export function bind(): void {
  for (const frame of document.querySelectorAll<HTMLElement>("[data-map]")) {
    draw(frame).catch(report);
  }
}

interface Parts { areas: FeatureCollection; things: FeatureCollection }

async function draw(frame: HTMLElement): Promise<void> {
  const parts: Parts = {
    areas: await get(frame.dataset["area"]),
    things: frame.dataset["inline"]
      ? (JSON.parse(document.getElementById(frame.dataset["inline"])?.textContent ?? "null") as FeatureCollection | null) ?? EMPTY
      : await get(frame.dataset["features"]),
  };
  const clusters = frame.dataset["clusters"];
  const style = (): ReturnType<typeof quietStyle> => quietStyle(font, { clustered: clusters === undefined });
  const font = getComputedStyle(document.body).fontFamily;
  await fontsFor(font, parts);
  const bounds = boundsOf(parts.things.features.length ? parts.things : parts.areas);
  const centre = (frame.dataset["centre"] || undefined)?.split(",").map(Number) as [number, number] | undefined;
  const map = new MapLibre({
    container: frame.querySelector<HTMLElement>(".map")!,
    style: style(),
    ...(centre ? { center: centre, zoom: 15 } : bounds ? { bounds, fitBoundsOptions: { padding: 24, maxZoom: 16.5 } } : { center: [121.38, 31.24] as [number, number], zoom: 13 }),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    localIdeographFontFamily: font,
    fadeDuration: 0,
    locale: {
      "Map.Title": frame.dataset["label"] ?? "",
      "NavigationControl.ZoomIn": frame.dataset["zoomIn"] ?? "+",
      "NavigationControl.ZoomOut": frame.dataset["zoomOut"] ?? "−",
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.on("style.load", () => {
    fill(map, parts);
    if (frame.dataset["chosen"]) map.setFeatureState({ source: "areas", id: frame.dataset["chosen"] }, { chosen: true });
  });
  // a tile that does not come leaves a blank that the next move fills; anything else is a fault of ours
  map.on("error", (event) => ("sourceId" in event ? console.warn(event.error) : report(event.error)));
  const again = (): void => void map.setStyle(style(), { diff: false });
  onThemeChange(again);
  // letters that were boxes until their part of the bundled font came; machines with a Chinese font never get here
  let late: number | undefined;
  document.fonts.addEventListener("loadingdone", () => {
    clearTimeout(late);
    late = window.setTimeout(again, 300);
  });
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) map.keyboard.disableRotation();
  if (clusters) follow(map, frame, clusters);
  if ("pin" in frame.dataset) void import("./pin").then((pin) => pin.bind(map, frame), report);
  map.once("idle", () => frame.setAttribute("data-drawn", ""));
  bindChoice(map, frame);
  if (parts.areas.features.some((feature) => feature.properties?.["synthetic"])) frame.querySelector("[data-synthetic]")?.removeAttribute("hidden");
}

async function get(address: string | undefined): Promise<FeatureCollection> {
  if (!address) return EMPTY;
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as FeatureCollection;
}

/** The map draws its letters on a canvas, which does not wait for fonts by itself. */
async function fontsFor(font: string, parts: Parts): Promise<void> {
  const text = [...parts.areas.features, ...parts.things.features].map((feature) => String(feature.properties?.["name"] ?? "")).join("");
  await document.fonts.load(`14px ${font}`, text).catch(() => []);
}

function fill(map: MapLibre, { areas, things }: Parts): void {
  const ratio = Math.ceil(devicePixelRatio);
  for (const tone of TONES) map.addImage(`mark-${tone}`, shape(tone, ratio), { pixelRatio: ratio });
  (map.getSource("areas") as GeoJSONSource).setData(areas);
  (map.getSource("areaNames") as GeoJSONSource).setData(namesOf(areas));
  const points = things.features.filter((feature) => feature.geometry.type === "Point");
  (map.getSource("points") as GeoJSONSource).setData({ type: "FeatureCollection", features: points });
  (map.getSource("things") as GeoJSONSource).setData({ type: "FeatureCollection", features: things.features.filter((feature) => !points.includes(feature)) });
}

/** One name for each neighbourhood, at the point that stands for it. */
function namesOf(areas: FeatureCollection): FeatureCollection {
  const features = areas.features
    .filter((feature) => feature.properties?.["kind"] === "neighbourhood" && feature.properties["at"])
    .map((feature): Feature => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: feature.properties!["at"] as Position },
      properties: { name: String(feature.properties!["name"]).replace(/(居民委员会|居委会|居民区)$/, "") },
    }));
  return { type: "FeatureCollection", features };
}

function boundsOf(collection: FeatureCollection): LngLatBounds | null {
  const bounds = new LngLatBounds();
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") bounds.extend([part[0], part[1] as number]);
    else part.forEach(walk);
  };
  for (const feature of collection.features) if (feature.geometry && "coordinates" in feature.geometry) walk(feature.geometry.coordinates);
  return bounds.isEmpty() ? null : bounds;
}

/** What is chosen in the list is chosen on the map, and the other way round. */
function bindChoice(map: MapLibre, frame: HTMLElement): void {
  let chosen: { source: string; id: string } | null = null;
  const show = (source: string, id: string): void => {
    if (chosen) map.setFeatureState(chosen, { chosen: false });
    chosen = { source, id };
    map.setFeatureState(chosen, { chosen: true });
  };
  if (frame.dataset["rows"]) {
    document.addEventListener("zhen:chosen", (event) => {
      const key = (event.target as HTMLElement).dataset["row"];
      if (key) for (const source of ["points", "things"]) show(source, key);
    });
  }
  for (const layer of ["point", "thing-fill", "cluster"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  map.on("click", "cluster", (event) => {
    const cluster = event.features?.[0];
    if (!cluster || cluster.geometry.type !== "Point") return;
    if (typeof cluster.properties["url"] === "string") return readMore(frame, cluster.properties);
    if (frame.dataset["clusters"]) return void map.easeTo({ center: cluster.geometry.coordinates as [number, number], zoom: map.getZoom() + 1.75, duration: 120 });
    const centre = cluster.geometry.coordinates as [number, number];
    void (map.getSource("points") as GeoJSONSource).getClusterExpansionZoom(Number(cluster.properties["cluster_id"])).then((zoom) => map.easeTo({ center: centre, zoom, duration: 120 }));
  });
  map.on("click", (event) => {
    const found = map.queryRenderedFeatures(event.point, { layers: ["point", "thing-fill"] })[0];
    const key = found?.properties["key"] as string | undefined;
    if (!key) return;
    show(found!.source, key);
    const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
    if (row) choose(row);
    readMore(frame, found!.properties);
  });
}
