import type { FeatureCollection } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { token } from "../scripts/tokens";

export const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
export const TONES = ["neutral", "on_track", "due_soon", "behind", "overdue"] as const;

/** The quiet style: paper, hairlines, names. Colour only where something has a meaning. */
export function quietStyle(font: string, { clustered = true } = {}): StyleSpecification {
  return { version: 8, sources: sources(clustered), layers: [...ground(), ...things(), ...names(font)] };
}

function sources(clustered: boolean): StyleSpecification["sources"] {
  return {
    town: { type: "vector", tiles: [`${location.origin}/api/ogc/tiles/{z}/{x}/{y}`], minzoom: 12, maxzoom: 16 },
    areas: { type: "geojson", data: EMPTY, promoteId: "key" },
    areaNames: { type: "geojson", data: EMPTY },
    things: { type: "geojson", data: EMPTY, promoteId: "key" },
    points: { type: "geojson", data: EMPTY, promoteId: "key", cluster: clustered, clusterRadius: 36, clusterMaxZoom: 15 },
  };
}

function ground(): LayerSpecification[] {
  return [
    { id: "paper", type: "background", paint: { "background-color": token("--sunken") } },
    { id: "area", type: "fill", source: "areas", filter: ["==", ["get", "kind"], "town"], paint: { "fill-color": token("--sheet") } },
    {
      id: "area-chosen", type: "fill", source: "areas", filter: ["==", ["get", "kind"], "neighbourhood"],
      paint: { "fill-color": token("--pine-soft"), "fill-opacity": ["case", ["boolean", ["feature-state", "chosen"], false], 1, 0] },
    },
    { id: "grounds", type: "fill", source: "town", "source-layer": "grounds", paint: { "fill-color": token("--on-track-soft"), "fill-opacity": 0.5 } },
    { id: "street-grounds", type: "fill", source: "town", "source-layer": "streets", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("--sunken") } },
    {
      id: "streets", type: "line", source: "town", "source-layer": "streets", layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": token("--sunken"),
        "line-width": ["case", ["==", ["geometry-type"], "Polygon"], 1, 4],
      },
    },
    { id: "buildings", type: "fill", source: "town", "source-layer": "buildings", minzoom: 14, paint: { "fill-color": token("--neutral-soft"), "fill-outline-color": token("--line") } },
    { id: "neighbourhood-line", type: "line", source: "areas", filter: ["==", ["get", "kind"], "neighbourhood"], paint: { "line-color": token("--line"), "line-width": 1 } },
    { id: "precinct-line", type: "line", source: "areas", filter: ["==", ["get", "kind"], "precinct"], paint: { "line-color": token("--line-2"), "line-width": 1.25, "line-dasharray": [4, 3] } },
    { id: "town-line", type: "line", source: "areas", filter: ["==", ["get", "kind"], "town"], paint: { "line-color": token("--ink-2"), "line-width": 1.5 } },
  ];
}

function things(): LayerSpecification[] {
  const chosen = ["boolean", ["feature-state", "chosen"], false] as const;
  return [
    { id: "thing-fill", type: "fill", source: "things", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": byTone("soft"), "fill-opacity": 0.85 } },
    { id: "thing-line", type: "line", source: "things", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": byTone("mark"), "line-width": ["case", [...chosen], 3, 1] } },
    {
      id: "cluster", type: "circle", source: "points", filter: ["has", "point_count"],
      paint: { "circle-color": ["case", [">", ["coalesce", ["get", "late"], 0], 0], token("--overdue-mark"), token("--ink")], "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 10, 100, 20, 10000, 28], "circle-stroke-width": 2, "circle-stroke-color": token("--sheet") },
    },
    { id: "point", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]], layout: { "icon-image": ["concat", "mark-", ["coalesce", ["get", "tone"], "neutral"]], "icon-allow-overlap": true, "icon-size": 1 } },
    { id: "point-chosen", type: "circle", source: "points", filter: ["!", ["has", "point_count"]], paint: { "circle-radius": 13, "circle-color": "transparent", "circle-stroke-color": token("--ink"), "circle-stroke-width": ["case", [...chosen], 2.5, 0] } },
  ];
}

function names(font: string): LayerSpecification[] {
  const halo = { "text-halo-color": token("--sheet"), "text-halo-width": 1.5 };
  return [
    { id: "cluster-count", type: "symbol", source: "points", filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-size": 12, "text-font": [font], "text-allow-overlap": true }, paint: { "text-color": token("--sheet") } },
    {
      id: "street-name", type: "symbol", source: "town", "source-layer": "streets", minzoom: 14,
      layout: { "text-field": ["get", "name"], "text-size": 11, "text-font": [font], "symbol-placement": "line", "symbol-spacing": 320 },
      paint: { "text-color": token("--ink-3"), ...halo },
    },
    {
      id: "building-name", type: "symbol", source: "town", "source-layer": "buildings", minzoom: 16.5,
      layout: { "text-field": ["get", "name"], "text-size": 11, "text-font": [font], "text-padding": 8 },
      paint: { "text-color": token("--ink-3"), ...halo },
    },
    {
      id: "area-name", type: "symbol", source: "areaNames",
      layout: { "text-field": ["get", "name"], "text-size": ["interpolate", ["linear"], ["zoom"], 12, 11, 16, 15], "text-font": [font], "text-padding": 6 },
      paint: { "text-color": token("--ink-2"), ...halo },
    },
  ];
}

function byTone(part: "soft" | "mark"): never {
  const cases = TONES.flatMap((tone) => [tone, token(`--${tone.replace("_", "-")}-${part}`)]);
  return ["match", ["coalesce", ["get", "tone"], "neutral"], ...cases, token(`--neutral-${part}`)] as never;
}
