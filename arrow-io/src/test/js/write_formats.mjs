// Writes src/test/resources/formats with what the npm registry has, as other people's files are written.
//
// Value t of row i is (31 i + 7 t) mod 64 - 32, divided by 8 for floating point, plus 32 for unsigned.
// Run from this module's folder: npm install --prefix target/js hyparquet-writer@0.17.0 parquet-wasm@0.8.0
// apache-arrow@21.2.0 nodejs-polars@0.26.1 @duckdb/node-api@1.5.6-r.1 h5wasm, copy this file there, and
// node target/js/write_formats.mjs src/test/resources/formats
import fs from 'node:fs';
import path from 'node:path';
import * as arrow from 'apache-arrow';
import { DuckDBInstance } from '@duckdb/node-api';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import pl from 'nodejs-polars';
import { Table as WasmTable, writeParquet, WriterPropertiesBuilder, Compression } from 'parquet-wasm';

const ROWS = 60;
const DIMENSION = 6;
const OUT = process.argv[2];

const rows = [...Array(ROWS).keys()];
const axis = [...Array(DIMENSION).keys()];
const integer = (i, t) => ((31 * i + 7 * t) % 64) - 32;
const table = (f) => rows.map((i) => axis.map((t) => f(integer(i, t))));
const floats = table((v) => v / 8);
const signed = table((v) => v);
const unsigned = table((v) => v + 32);
const bfloat16 = (v) => new Uint8Array(new Float32Array([v]).buffer.slice(2));

const texts = rows.map((i) => (i % 2 ? `row-${i}` : `a longer name of row ${i}`));
const words = rows.map((i) => `word-${i % 7}`);
const wide = rows.map((i) => (1n << 64n) - 1n - BigInt(i));
const hex = (i) => i.toString(16).padStart(12, '0');
const uuids = rows.map((i) => `7d4266ad-ca13-4cbe-ad7a-${hex(i)}`);
const uuidBytes = uuids.map((u) => Uint8Array.from(Buffer.from(u.replaceAll('-', ''), 'hex')));

const save = (name, bytes) => fs.writeFileSync(path.join(OUT, name), Buffer.from(bytes));

// ---- hyparquet: FLOAT16, bytes, raw two-byte elements, a struct, every type of id
const list = (name, element) => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', ...element },
];
const half = { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } };
const hyColumns = {
  f16: [floats, list('f16', half)],
  i8: [signed, list('i8', { type: 'INT32', converted_type: 'INT_8' })],
  u8: [unsigned, list('u8', { type: 'INT32', converted_type: 'UINT_8' })],
  bf16: [
    floats.map((row) => row.map(bfloat16)),
    list('bf16', { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2 }),
  ],
  s: [
    floats.map((emb, i) => ({ emb, id: texts[i] })),
    [
      { name: 's', repetition_type: 'OPTIONAL', num_children: 2 },
      ...list('emb', { type: 'FLOAT' }),
      { name: 'id', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    ],
  ],
  text: [texts, [{ name: 'text', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' }]],
  word: [words, [{ name: 'word', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' }]],
  uint64: [
    wide,
    [{ name: 'uint64', repetition_type: 'OPTIONAL', type: 'INT64', converted_type: 'UINT_64' }],
  ],
  uuid: [
    uuidBytes,
    [{ name: 'uuid', repetition_type: 'OPTIONAL', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } }],
  ],
};
for (const [name, options] of Object.entries({ hyparquet: {}, 'hyparquet-plain': { codec: 'UNCOMPRESSED', dictionarySize: 0 } })) {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    columnData: Object.entries(hyColumns).map(([column, [data]]) => ({ name: column, data })),
    schema: [
      { name: 'root', num_children: Object.keys(hyColumns).length },
      ...Object.values(hyColumns).flatMap(([, schema]) => schema),
    ],
    rowGroupSize: 25,
    statistics: false,
    ...options,
  });
  save(`${name}.parquet`, writer.getBuffer());
}

// ---- apache-arrow: the same columns in a file, in a stream, and by arrow-rs in Parquet
function fixed(values, type) {
  const child = arrow.vectorFromArray(values.flat(), type).data[0];
  const kind = new arrow.FixedSizeList(DIMENSION, new arrow.Field('item', type, true));
  return arrow.makeData({ type: kind, length: values.length, nullCount: 0, child });
}
function ragged(values, type) {
  const child = arrow.vectorFromArray(values.flat(), type).data[0];
  const kind = new arrow.List(new arrow.Field('item', type, true));
  const valueOffsets = Int32Array.from({ length: values.length + 1 }, (_, i) => i * DIMENSION);
  return arrow.makeData({ type: kind, length: values.length, nullCount: 0, child, valueOffsets });
}
function raw(values, width) {
  const type = new arrow.FixedSizeBinary(width);
  return arrow.makeData({ type, length: values.length, nullCount: 0, data: Uint8Array.from(values.flatMap((v) => [...v])) });
}
function rawLists(values) {
  const child = raw(values.flat().map(bfloat16), 2);
  const type = new arrow.FixedSizeList(DIMENSION, new arrow.Field('item', child.type, true));
  return arrow.makeData({ type, length: values.length, nullCount: 0, child });
}
const dictionaryType = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 7);
let schema; // of the first batch, for all: the writer ends a file where it changes
function batch(from, to) {
  const part = (values) => values.slice(from, to);
  const text = arrow.vectorFromArray(part(texts), new arrow.Utf8()).data[0];
  const emb = ragged(part(floats), new arrow.Float32());
  const struct = arrow.makeData({
    type: new arrow.Struct([new arrow.Field('emb', emb.type, true), new arrow.Field('id', text.type, true)]),
    length: to - from,
    nullCount: 0,
    children: [emb, text],
  });
  const columns = {
    f16: fixed(part(floats), new arrow.Float16()),
    i8: ragged(part(signed), new arrow.Int8()),
    u8: ragged(part(unsigned), new arrow.Uint8()),
    bf16: rawLists(part(floats)),
    s: struct,
    text,
    uint64: arrow.vectorFromArray(part(wide), new arrow.Uint64()).data[0],
    word: arrow.vectorFromArray(part(words), dictionaryType).data[0],
    uuid: raw(part(uuidBytes), 16),
  };
  const uuid = new Map([['ARROW:extension:name', 'arrow.uuid']]);
  const fields = Object.entries(columns).map(
    ([name, data]) => new arrow.Field(name, data.type, true, name === 'uuid' ? uuid : undefined));
  schema ??= new arrow.Schema(fields);
  return new arrow.RecordBatch(
    schema,
    arrow.makeData({ type: new arrow.Struct(schema.fields), length: to - from, nullCount: 0, children: Object.values(columns) }));
}
const batches = [batch(0, 25), batch(25, 41), batch(41, ROWS)];
save('apache-arrow.arrow', arrow.RecordBatchFileWriter.writeAll([batch(0, ROWS)]).toUint8Array(true));
save('apache-arrow-stream.arrow', arrow.RecordBatchStreamWriter.writeAll(batches).toUint8Array(true));
const whole = new arrow.Table([batch(0, ROWS)]);
for (const [name, dictionary] of [['arrow-rs', true], ['arrow-rs-plain', false]]) {
  const properties = new WriterPropertiesBuilder()
    .setCompression(dictionary ? Compression.ZSTD : Compression.LZ4_RAW)
    .setDictionaryEnabled(dictionary)
    .setMaxRowGroupSize(25)
    .build();
  save(`${name}.parquet`, writeParquet(WasmTable.fromIPCStream(arrow.tableToIPC(whole, 'stream')), properties));
}

// ---- polars: views of texts, categories, decimals; Arrow file, stream, Parquet
const frame = pl.DataFrame({
  i8: pl.Series('i8', signed, pl.List(pl.Int8)),
  u8: pl.Series('u8', unsigned, pl.List(pl.UInt8)),
  f32: pl.Series('f32', floats, pl.List(pl.Float32)),
  text: texts,
  word: words,
  uint64: pl.Series('uint64', wide, pl.UInt64),
});
const polars = frame.withColumns(
  pl.col('word').cast(pl.Categorical),
  pl.col('uint64').cast(pl.Decimal(38, 2)).alias('decimal'),
  pl.struct([pl.col('f32').alias('emb'), pl.col('text').alias('id')]).alias('s'));
polars.writeIPC(path.join(OUT, 'polars-lz4.arrow'), { compression: 'lz4' });
polars.writeIPC(path.join(OUT, 'polars-zstd.arrow'), { compression: 'zstd' });
save('polars-stream.arrow', polars.writeIPCStream({ compression: 'uncompressed' }));
polars.writeParquet(path.join(OUT, 'polars.parquet'), { compression: 'zstd' });

// ---- DuckDB: Parquet of both versions
const duck = await (await DuckDBInstance.create(':memory:')).connect();
const value = `((31 * i + 7 * t) % 64 - 32)`;
const vector = (expression, type) =>
  `list_transform(range(${DIMENSION}), lambda t: (${expression})::${type})`;
await duck.run(`CREATE TABLE v AS SELECT
  ${vector(value, 'TINYINT')} AS i8,
  ${vector(value + ' + 32', 'UTINYINT')} AS u8,
  {'emb': ${vector(value + ' / 8', 'FLOAT')}, 'id': CASE WHEN i % 2 = 1 THEN 'row-' || i ELSE 'a longer name of row ' || i END} AS s,
  CASE WHEN i % 2 = 1 THEN 'row-' || i ELSE 'a longer name of row ' || i END AS text,
  'word-' || (i % 7) AS word,
  (18446744073709551615::HUGEINT - i)::UBIGINT AS uint64,
  (18446744073709551615::HUGEINT - i)::DECIMAL(38, 2) AS decimal,
  ('7d4266ad-ca13-4cbe-ad7a-' || lpad(to_hex(i), 12, '0'))::UUID AS uuid
  FROM range(${ROWS}) r(i)`);
for (const version of ['V1', 'V2']) {
  await duck.run(`COPY v TO '${path.join(OUT, `duckdb-${version.toLowerCase()}.parquet`)}'
    (FORMAT parquet, PARQUET_VERSION ${version}, ROW_GROUP_SIZE 2048)`);
}
// What is not read, and has to be named for what it is.
await duck.run(`COPY (SELECT * EXCLUDE (decimal) FROM v) TO '${path.join(OUT, 'duckdb-brotli.parquet')}' (FORMAT parquet, CODEC brotli)`);
await duck.run(`SET force_mbedtls_unsafe = 'true'`);
await duck.run(`PRAGMA add_parquet_key('k', '0123456789112345')`);
await duck.run(`COPY (SELECT text, i8 FROM v) TO '${path.join(OUT, 'duckdb-encrypted.parquet')}'
  (FORMAT parquet, ENCRYPTION_CONFIG {footer_key: 'k'})`);

// ---- h5wasm: HDF5 by the HDF Group's library, built for WebAssembly
const h5wasm = await import('h5wasm/node');
await h5wasm.ready;
const hdf = new h5wasm.File(path.join(OUT, 'h5wasm.h5'), 'w');
hdf.create_dataset({ name: 'train', data: Float32Array.from(floats.flat()), shape: [ROWS, DIMENSION] });
hdf.create_dataset({ name: 'u8', data: Uint8Array.from(unsigned.flat()), shape: [ROWS, DIMENSION], chunks: [11, DIMENSION], compression: 9 });
hdf.create_dataset({ name: 'id', data: BigInt64Array.from(rows, (i) => BigInt(3 * i - 100)), shape: [ROWS] });
hdf.close();
