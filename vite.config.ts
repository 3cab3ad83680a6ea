// Builds the assets of the faces into src/zhen/web/static/dist, with a manifest for django-vite.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, defineConfig, type Plugin } from "vite";

const web = resolve(import.meta.dirname, "src/zhen/web");
const out = join(web, "static/dist");

/** The icons that templates, declarations and scripts name, as one sprite: `<c-icon name="target" />`. */
function sprite(): Plugin {
  const lucide = join(createRequire(import.meta.url).resolve("lucide-static/package.json"), "../icons");
  const named = /\bicon="([a-z0-9-]+)"|<c-icon\s+name="([a-z0-9-]+)"|\{% icon "([a-z0-9-]+)"/g;
  const own = join(web, "assets/icons");

  function used(): string[] {
    const names = new Set<string>();
    for (const file of walk(resolve(web, ".."), /\.(html|py|ts)$/)) {
      for (const match of readFileSync(file, "utf8").matchAll(named)) names.add((match[1] ?? match[2] ?? match[3])!);
    }
    for (const file of readdirSync(own)) names.add(basename(file, ".svg"));
    return [...names].sort();
  }

  function symbol(name: string): string {
    const file = [join(own, `${name}.svg`), join(lucide, `${name}.svg`)].find(existsSync);
    if (!file) throw new Error(`No icon is called ${name}: choose a name of lucide, or draw assets/icons/${name}.svg`);
    const inner = readFileSync(file, "utf8").replace(/<!--.*?-->/gs, "").replace(/^.*?<svg[^>]*>|<\/svg>\s*$/gs, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
  }

  return {
    name: "zhen-sprite",
    apply: "build",
    generateBundle() {
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${used().map(symbol).join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "icons.svg", source });
      this.emitFile({ type: "asset", name: "mark.svg", originalFileName: "mark.svg", source: readFileSync(join(web, "assets/mark.svg"), "utf8") });
      // the mark as home screens want it, drawn from mark.svg: maskable ones leave room for the phone's own shape
      for (const file of readdirSync(join(web, "assets/app")))
        this.emitFile({ type: "asset", name: file, originalFileName: `app/${file}`, source: readFileSync(join(web, "assets/app", file)) });
    },
  };
}

/** Brotli and gzip beside each text file, so that whitenoise only has to choose. */
function compressed(): Plugin {
  return {
    name: "zhen-compressed",
    apply: "build",
    closeBundle() {
      for (const file of walk(out, /\.(js|mjs|css|svg|json|webmanifest)$/)) {
        if (statSync(file).size < 500) continue;
        const bytes = readFileSync(file);
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, quality));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** The serif of official papers, for PDF documents made on the server: browsers never load it. */
function documents(): Plugin {
  return {
    name: "zhen-documents",
    apply: "build",
    closeBundle() {
      const fonts = join(createRequire(import.meta.url).resolve("@expo-google-fonts/noto-serif-sc/package.json"), "..");
      mkdirSync(join(out, "documents"), { recursive: true });
      for (const [folder, file] of [["400Regular", "NotoSerifSC_400Regular.ttf"], ["700Bold", "NotoSerifSC_700Bold.ttf"]] as const) {
        copyFileSync(join(fonts, folder, file), join(out, "documents", file));
      }
    },
  };
}

/** The worker of the field face, in one piece: browsers of five years ago know no modules in workers. */
function worker(): Plugin {
  return {
    name: "zhen-worker",
    apply: "build",
    async closeBundle() {
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        build: {
          outDir: out,
          emptyOutDir: false,
          target: ["chrome99", "safari15.4", "firefox97"],
          lib: { entry: join(web, "assets/field-worker.ts"), formats: ["iife"], name: "field", fileName: () => "field-worker.js" },
        },
      });
    },
  };
}

function walk(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(static|node_modules|tests|__pycache__)$/.test(entry.name) && folder !== out ? [] : walk(path, wanted);
    return wanted.test(entry.name) ? [path] : [];
  });
}

export default defineConfig({
  root: join(web, "assets"),
  base: "/static/dist/",
  publicDir: false,
  plugins: [sprite(), worker(), compressed(), documents()],
  css: { transformer: "lightningcss", lightningcss: { targets: { chrome: 99 << 16, safari: (15 << 16) | (4 << 8), firefox: 97 << 16 } } },
  server: { port: 5173, strictPort: true, cors: true },
  build: {
    outDir: out,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome99", "safari15.4", "firefox97"],
    cssMinify: "lightningcss",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
    rolldownOptions: {
      input: ["main.ts", "fonts.css"].map((name) => join(web, "assets", name)),
    },
  },
});
