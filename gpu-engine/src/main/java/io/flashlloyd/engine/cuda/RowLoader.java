package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.StageSeconds;
import java.nio.LongBuffer;

/**
 * Brings a chunk's rows to the device, padded and with their screen copy. Rows that do not stay go
 * through two slots in turn: one is filled over the bus while the kernels read the other. Guarded
 * by the engine's lock.
 */
final class RowLoader implements AutoCloseable {
  private static final int THREADS = 256;

  /** A place for the rows of one passing chunk. */
  private static final class Slot implements AutoCloseable {
    private DeviceBuffer rows;
    private DeviceBuffer weights;
    private DeviceBuffer raw;
    private final DeviceEvent free = new DeviceEvent();

    @Override
    public void close() {
      for (DeviceBuffer buffer : new DeviceBuffer[] {rows, weights, raw}) {
        if (buffer != null) {
          buffer.close();
        }
      }
      free.close();
    }
  }

  private final DeviceWork work;
  private final DeviceTier store;
  private final DeviceStream copyIn = new DeviceStream("copy in");
  private final DeviceEvent arrived = new DeviceEvent();
  private final Slot[] slots = {new Slot(), new Slot()};
  private final RowCopies passing = new RowCopies();
  private final Arrivals arrivals = new Arrivals(copyIn);
  private Slot current;
  private int next;

  RowLoader(DeviceWork work, DeviceTier store) {
    this.work = work;
    this.store = store;
    for (Slot slot : slots) {
      slot.free.record(work.stream());
    }
  }

  /** Rows on the device, padded, and their weights or null. */
  private record Brought(DeviceBuffer rows, DeviceBuffer weights, boolean stays) {}

  /**
   * Queues what it takes until the rows are there; the compute stream waits for it.
   *
   * @param shift the frame's, on the device
   */
  RowSlice load(
      DeviceChunk chunk,
      HostRows host,
      ScreenFrame frame,
      long shift,
      long pass,
      StageTimes times) {
    return slice(chunk, bring(chunk, host, pass, times), frame, shift);
  }

  /** The same of rows that only need to be read: what a screen takes is not made of them. */
  DeviceBuffer load(DeviceChunk chunk, HostRows host, long pass, StageTimes times) {
    return bring(chunk, host, pass, times).rows();
  }

  private Brought bring(DeviceChunk chunk, HostRows host, long pass, StageTimes times) {
    current = null;
    boolean stays = store.admit(chunk, pass, work.memory());
    DeviceBuffer rows = chunk.rows;
    DeviceBuffer weights = chunk.weights;
    if (!chunk.loaded) {
      Slot slot = slots[next];
      copyIn.await(slot.free);
      if (!stays) {
        slot.rows = grown(slot.rows, rowBytes(chunk), slot);
        slot.weights = chunk.weighted ? grown(slot.weights, 8L * chunk.count, slot) : slot.weights;
        rows = slot.rows;
        weights = chunk.weighted ? slot.weights : null;
      }
      times.start(copyIn);
      copy(chunk, host, rows, weights, slot);
      chunk.loaded = stays;
      times.stage(StageSeconds.COPY, copyIn);
      current = slot;
      next = 1 - next;
    }
    chunk.lastUse = pass;
    return new Brought(rows, weights, stays);
  }

  /**
   * Begins to bring rows that will stay, where they can go as they are: {@link #arrive} does the
   * rest without the lock, so that many threads copy to page-locked memory side by side.
   *
   * @return whether it was begun: else {@link #load} does all of it
   */
  boolean begin(DeviceChunk chunk, HostRows host, long pass) {
    boolean tight = rowBytes(chunk) == tightBytes(chunk);
    if (chunk.loaded
        || chunk.weighted
        || !tight
        || PinnedBuffer.isPinned(host.values())
        || !store.admit(chunk, pass, work.memory())) {
      return false;
    }
    chunk.arriving = true;
    return true;
  }

  /** Brings the rows; the only call without the lock, on any thread. */
  void arrive(DeviceChunk chunk, HostRows host) {
    work.context().makeCurrent();
    StagingRing ring = arrivals.take();
    try {
      ring.copyIn(host.values(), chunk.rows, tightBytes(chunk), copyIn);
    } finally {
      arrivals.giveBack(ring);
    }
  }

  /** Ends what {@link #begin} began. */
  void landed(DeviceChunk chunk, boolean brought) {
    chunk.arriving = false;
    chunk.loaded = brought;
    work.stream().await(arrived.record(copyIn));
  }

  private static long tightBytes(DeviceChunk chunk) {
    return (long) chunk.count * chunk.dimension * chunk.type.bytes();
  }

  /** After the last kernel that reads the loaded rows was queued. */
  void release() {
    if (current != null) {
      current.free.record(work.stream());
      current = null;
    }
  }

  private static long rowBytes(DeviceChunk chunk) {
    return (long) chunk.count * KernelShapes.rowBytes(chunk.dimension, chunk.type);
  }

  /** The buffer, or a larger one once nothing reads it. */
  private DeviceBuffer grown(DeviceBuffer buffer, long bytes, Slot slot) {
    if (buffer != null && buffer.bytes() >= bytes) {
      return buffer;
    }
    if (buffer != null) {
      slot.free.synchronize();
      work.stream().synchronize();
      buffer.close();
    }
    return work.memory().allocate(bytes);
  }

  private void copy(
      DeviceChunk chunk, HostRows host, DeviceBuffer rows, DeviceBuffer weights, Slot slot) {
    int tight = chunk.dimension * chunk.type.bytes();
    int padded = KernelShapes.rowBytes(chunk.dimension, chunk.type);
    long bytes = (long) chunk.count * tight;
    DeviceBuffer target = rows;
    if (tight != padded) {
      slot.raw = grown(slot.raw, bytes, slot);
      target = slot.raw;
    }
    work.staging().copyIn(host.values(), target, bytes, copyIn);
    if (chunk.weighted) {
      LongBuffer from = host.weights();
      work.staging()
          .copyIn(
              (piece, offset) -> {
                LongBuffer longs = piece.asLongBuffer();
                longs.put(0, from, (int) (offset / 8), longs.remaining());
              },
              weights,
              0,
              8L * chunk.count,
              copyIn);
    }
    work.stream().await(arrived.record(copyIn));
    if (tight != padded) {
      work.launch(
          KernelCatalog.PAD_ROWS,
          grid(chunk.count),
          THREADS,
          0,
          new KernelArguments()
              .next()
              .address(slot.raw)
              .next()
              .int64(chunk.count)
              .next()
              .int32(tight)
              .next()
              .int32(padded)
              .next()
              .address(rows));
    }
  }

  private int grid(int rows) {
    return Math.max(1, Math.min(16 * work.context().multiprocessors(), rows));
  }

  private RowSlice slice(DeviceChunk chunk, Brought brought, ScreenFrame frame, long shift) {
    DeviceBuffer rows = brought.rows();
    DeviceBuffer weights = brought.weights();
    RowCopies copies = brought.stays() ? chunk.copies : passing;
    if (!brought.stays() || copies.frame != frame) {
      copies.frame = null; // where it fails half-way
      derive(chunk, rows, frame, shift, copies);
      copies.frame = frame;
    }
    boolean copied = chunk.form.copied();
    return new RowSlice(
        chunk.type,
        chunk.count,
        KernelShapes.rowBytes(chunk.dimension, chunk.type) / 4,
        chunk.form.stride(chunk.type, chunk.dimension),
        (long) KernelShapes.slices(chunk.dimension) * KernelShapes.SLICE_BYTES,
        rows.address(),
        (copied ? copies.screen : rows).address(),
        chunk.form.imaged() ? copies.image.address() : 0,
        copied ? copies.residuals.address() : 0,
        copies.norms.address(),
        weights == null ? 0 : weights.address(),
        chunk.assignments.address(),
        chunk.bounds == null ? 0 : chunk.bounds.address(),
        0);
  }

  /** Makes all of {@code copies} from the rows. */
  private void derive(
      DeviceChunk chunk, DeviceBuffer rows, ScreenFrame frame, long shift, RowCopies copies) {
    copies.norms = grown(copies.norms, 4L * chunk.count, slots[0]);
    if (chunk.form.copied()) {
      long bytes = 2L * KernelShapes.screenStride(chunk.dimension) * chunk.count;
      copies.screen = grown(copies.screen, bytes, slots[0]);
      copies.residuals = grown(copies.residuals, 4L * chunk.count, slots[0]);
      copyForScreen(chunk, rows, frame, shift, copies);
    } else {
      work.launch(
          KernelCatalog.of("ROW_NORMS", chunk.type),
          grid(chunk.count),
          THREADS,
          0,
          new KernelArguments()
              .next()
              .address(rows)
              .next()
              .int64(chunk.count)
              .next()
              .int32(KernelShapes.rowBytes(chunk.dimension, chunk.type) / 4)
              .next()
              .int32(chunk.dimension)
              .next()
              .float32(frame.shift()[0])
              .next()
              .address(copies.norms));
    }
    if (chunk.form.imaged()) {
      copies.image = grown(copies.image, chunk.imageBytes(), slots[0]);
      image(chunk, chunk.form.copied() ? copies.screen : rows, copies.image);
    }
  }

  private void image(DeviceChunk chunk, DeviceBuffer screen, DeviceBuffer target) {
    int paddedRows = KernelShapes.imagePaddedRows(chunk.count);
    work.launch(
        KernelCatalog.IMAGE_ROWS,
        grid(paddedRows),
        THREADS,
        0,
        new KernelArguments()
            .next()
            .address(screen)
            .next()
            .int32(KernelShapes.screenStride(chunk.dimension))
            .next()
            .int32(chunk.count) // the struct WideRows: every row
            .address(0)
            .address(0)
            .address(0)
            .address(0)
            .int32(0)
            .int32(chunk.count)
            .next()
            .int32(KernelShapes.slices(chunk.dimension))
            .next()
            .address(target));
  }

  private void copyForScreen(
      DeviceChunk chunk, DeviceBuffer rows, ScreenFrame frame, long shift, RowCopies copies) {
    work.launch(
        KernelCatalog.of("SCREEN_COPY", chunk.type),
        grid(chunk.count),
        THREADS,
        0,
        new KernelArguments()
            .next()
            .address(rows)
            .next()
            .int64(chunk.count)
            .next()
            .int32(KernelShapes.rowBytes(chunk.dimension, chunk.type) / 4)
            .next()
            .address(shift)
            .next()
            .float32(frame.scale())
            .next()
            .int32(chunk.dimension)
            .next()
            .address(copies.screen)
            .next()
            .int32(KernelShapes.screenStride(chunk.dimension))
            .next()
            .address(copies.residuals)
            .next()
            .address(copies.norms));
  }

  @Override
  public void close() {
    for (Slot slot : slots) {
      slot.close();
    }
    passing.close();
    arrivals.close();
    arrived.close();
    copyIn.close();
  }
}
