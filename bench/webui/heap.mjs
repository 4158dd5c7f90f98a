// What lies on the heap of a page, by a snapshot of V8.

/** Bytecode, machine code and the shapes of objects: V8 makes more of it while functions become hot, some
 *  100 KB over minutes, and that is no leak. */
const made = new Set(["code", "object shape"]);

async function snapshot(devtools) {
  const chunks = [];
  const take = ({ chunk }) => chunks.push(chunk);
  devtools.on("HeapProfiler.addHeapSnapshotChunk", take);
  await devtools.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  devtools.off("HeapProfiler.addHeapSnapshotChunk", take);
  return JSON.parse(chunks.join(""));
}

/** KB of data that is alive, and of what V8 made of the code. A snapshot collects garbage first. */
export async function heapOf(devtools) {
  const { snapshot: about, nodes } = await snapshot(devtools);
  const fields = about.meta.node_fields;
  const [type, size] = [fields.indexOf("type"), fields.indexOf("self_size")];
  const types = about.meta.node_types[type];
  const kb = { dataKb: 0, codeKb: 0 };
  for (let node = 0; node < nodes.length; node += fields.length) {
    kb[made.has(types[nodes[node + type]]) ? "codeKb" : "dataKb"] += nodes[node + size] / 1024;
  }
  return kb;
}
