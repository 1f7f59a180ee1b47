/** The recognizer of a page, as a project of somebody else has it: the example, built by Vite and opened in a browser. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openDefaultLocator } from "../src/faces/detectors/index.ts";
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { importModel, readCard } from "../src/nets/models/index.ts";
import type { NetInput } from "../src/nets/net/index.ts";
import type { Answer, FaceChoice, Representation, VerifyResult } from "../src/people/answers/index.ts";
import { openRecognizer, type Recognizer } from "../src/people/recognizer/index.ts";
import { BROWSER, launch, watch } from "./support/browser.ts";
import { TSC } from "./support/npm.ts";
import { newProject, runNode } from "./support/pageProject.ts";
import { ROOT } from "./support/service.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 600_000 }); // the package is compiled, a page built, a browser starts

/** Its program puts the recognizer where tests and people's consoles find it. */
declare const faces: {
  verify(a: PageFace, b: PageFace): Promise<Answer<VerifyResult>>;
  represent(face: PageFace): Promise<Answer<Representation>>;
};
type PageFace = Blob | (FaceChoice & { readonly photo: Blob });

const name = BROWSER ? "a page" : "a page: there is no Chromium here; CHROMIUM may name one";

describe.skipIf(!BROWSER)(name, () => {
  let folder: string;
  let server: PreviewServer;
  let browser: Browser;
  let page: Page;
  let seen: ReturnType<typeof watch>;
  let inNode: Recognizer;
  let photos: Buffer[];
  let crops: Buffer[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "page-"));
    await newProject(folder);
    await runNode(["models.mjs"], folder);
    await build({ configFile: join(folder, "vite.config.ts"), logLevel: "error" });
    server = await preview({ configFile: join(folder, "vite.config.ts"), preview: { host: "127.0.0.1" } });
    const pictures = [...createPopulation({ people: 2, picturesPerPerson: 2, seed: 7 })];
    photos = await Promise.all(pictures.map(async ({ image }) => Buffer.from(await encodePng(image))));
    crops = await Promise.all(
      pictures.map(async ({ image, landmarks }) => Buffer.from(await encodePng(alignFace(image, landmarks)))),
    );
    inNode = await openRecognizer({
      model: join(ROOT, "models/whole-face-taught"),
      locator: openDefaultLocator(),
    });
    browser = await launch();
    page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    const url = server.resolvedUrls!.local[0];
    seen = watch(page, new URL(url).origin);
    await page.goto(url);
    await page.getByText("Ready.").waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await inNode?.release();
    await rm(folder, { recursive: true });
  });

  /** What the page answers about pictures, by `ask` in the page. */
  const inPage = <T>(
    pictures: readonly Buffer[],
    ask: (files: Blob[]) => Promise<T>,
    where = page,
  ): Promise<T> =>
    where.evaluate(
      `(${ask.toString()})(${JSON.stringify(pictures.map((picture) => picture.toString("base64")))}.map((text) =>
        new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))])))`,
    ) as Promise<T>;

  test("the project compiles under strict types", async () => {
    await runNode([TSC, "-p", folder]);
  });

  test("two photos chosen in it get the answer of Node, and nothing is asked of another server", async () => {
    const answer = await inNode.verify({ photo: photos[0] }, { photo: photos[1] });
    if (!answer.ok) throw new Error(answer.message);
    const inputs = page.getByLabel(/photo/);
    for (const i of [0, 1]) {
      await inputs.nth(i).setInputFiles({ name: `${i}.png`, mimeType: "image/png", buffer: photos[i] });
    }
    await page
      .getByRole("status")
      .getByText(answer.explanation.slice(0, answer.explanation.indexOf(":"))) // the rest is of a score that differs a little
      .waitFor();
    await page.locator("canvas").nth(1).waitFor();
    expect(seen).toEqual({ foreign: [], complaints: [] });
  });

  test("verify and represent agree with Node to float32's precision, for photos and for crops", async () => {
    for (const [pictures, aligned] of [
      [photos, false],
      [crops, true],
    ] as const) {
      for (const [a, b] of [
        [0, 1],
        [0, 2],
      ]) {
        const there = await inNode.verify({ photo: pictures[a], aligned }, { photo: pictures[b], aligned });
        const ask = aligned
          ? async ([a, b]: Blob[]) => faces.verify({ photo: a, aligned: true }, { photo: b, aligned: true })
          : async ([a, b]: Blob[]) => faces.verify(a, b);
        const here = await inPage([pictures[a], pictures[b]], ask);
        if (!(there.ok && here.ok)) throw new Error(JSON.stringify([there, here]));
        expect(here.samePerson).toBe(there.samePerson);
        expect(here.threshold).toEqual(there.threshold);
        // Landmarks of two runtimes lie 0.0001 pixels apart, which rounds a few pixels of the aligned face otherwise.
        expect(Math.abs(here.score - there.score)).toBeLessThan(aligned ? 0.01 : 0.05);
        expect(Math.abs(here.cosine - there.cosine)).toBeLessThan(aligned ? 1e-6 : 1e-3);
      }
    }
    const there = await inNode.represent({ photo: crops[0], aligned: true });
    const here = await inPage([crops[0]], async ([photo]) => faces.represent({ photo, aligned: true }));
    if (!(there.ok && here.ok)) throw new Error(JSON.stringify([there, here]));
    expect(here.features.length).toBe(there.features.length);
    expect(here.code).toBe(there.code);
    const most = Math.max(...here.features.map((value, i) => Math.abs(value - there.features[i])));
    expect(most).toBeLessThan(1e-4);
  });

  test("an imported net is fed as its card says", async () => {
    const own = join(ROOT, "models/whole-face-taught");
    const { region, feature } = await readCard(own);
    const input: NetInput = {
      name: "faces",
      layout: "nchw",
      order: "bgr",
      mean: [110, 120, 130],
      scale: [90],
    } as const;
    const model = join(folder, "imported");
    await importModel(model, {
      input,
      region,
      feature,
      name: "stranger",
      licence: "none",
      length: 512,
      onnx: await readFile(join(own, "net.onnx")),
    });
    await using there = await openRecognizer({ model });
    const other = await browser.newPage();
    await other.route("**/whole-face-taught/*", async (route) =>
      route.fulfill({
        body: await readFile(join(model, new URL(route.request().url()).pathname.split("/").at(-1)!)),
      }),
    );
    await other.goto(page.url());
    await other.getByText("Ready.").waitFor();
    const ask = async ([photo]: Blob[]) => faces.represent({ photo, aligned: true });
    const [inNode, here, ours] = [
      await there.represent({ photo: crops[0], aligned: true }),
      await inPage([crops[0]], ask, other),
      await inPage([crops[0]], ask),
    ];
    if (!(inNode.ok && here.ok && ours.ok)) throw new Error(JSON.stringify([inNode, here, ours]));
    const apart = (a: readonly number[], b: readonly number[]) =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    expect(apart(here.features, inNode.features)).toBeLessThan(1e-4);
    expect(apart(here.features, ours.features)).toBeGreaterThan(0.1); // another order and scale do make a difference
    await other.close();
  });

  test("what is no picture, empty, or without a face is told", async () => {
    const failure = (pictures: Buffer[]) =>
      inPage(pictures, async ([photo]) =>
        faces.represent({ photo, name: "mine" }).then(
          (answer) => (answer.ok ? "an answer" : answer.reason),
          (error) => `${error.name}: ${error.message}`,
        ),
      );
    expect(await failure([Buffer.from("no picture at all")])).toMatch(/^DataError: mine: not a picture/);
    expect(await failure([Buffer.alloc(0)])).toBe("DataError: mine: the file is empty");
    const plain = await encodePng({
      width: 200,
      height: 200,
      pixels: new Uint8Array(200 * 200 * 3).fill(90),
    });
    expect(await failure([Buffer.from(plain)])).toBe("no-face");
  });

  test("a model that was changed on its way is refused, and one that is not there", async () => {
    const other = await browser.newPage();
    const net = await readFile(join(ROOT, "models/whole-face-taught/net.onnx"));
    net[net.length >> 1] ^= 1;
    await other.route("**/net.onnx", (route) => route.fulfill({ body: net }));
    await other.goto(page.url());
    await other.getByText(/net\.onnx: truncated or changed/).waitFor();
    await other.route("**/{model,system}.json", (route) => route.fulfill({ status: 404 }));
    await other.reload();
    await other
      .getByText("/models/whole-face-taught: no model here: neither model.json nor system.json")
      .waitFor();
    await other.close();
  });

  test("the main entry says in one sentence where it runs", async () => {
    await writeFile(
      join(folder, "wrong.js"),
      'import { openRecognizer } from "deepid2plus";\nopenRecognizer();\n',
    );
    await writeFile(join(folder, "wrong.html"), '<script type="module" src="./wrong.js"></script>');
    await build({
      configFile: join(folder, "vite.config.ts"),
      logLevel: "silent",
      build: { outDir: "wrong", rolldownOptions: { input: join(folder, "wrong.html") } },
    });
    const assets = await readdir(join(folder, "wrong/assets"));
    const script = await readFile(
      join(folder, "wrong/assets", assets.find((file) => file.endsWith(".js"))!),
      "utf8",
    );
    await page.route("**/wrong.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: script }),
    );
    const message = await page.evaluate('import("/wrong.js").catch((error) => error.message)');
    expect(message).toBe('deepid2plus runs in Node; in a page import from "deepid2plus/browser"');
  });
});
