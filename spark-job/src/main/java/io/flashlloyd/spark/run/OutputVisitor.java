package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Hands a chunk's results to a sink while the engine is at later chunks. */
public final class OutputVisitor implements ChunkVisitor {
  /** Chunks of results that may wait to be written. */
  private static final int BEHIND = 2;

  private record Found(RowOutputs outputs, int rows, CompletableFuture<Void> done) {}

  private final Pass pass;
  private final RowSink sink;
  private final ArrayDeque<Found> unwritten = new ArrayDeque<>();

  public OutputVisitor(Pass pass, RowSink sink) {
    this.pass = pass;
    this.sink = sink;
  }

  @Override
  public void beginSplit(int split) throws IOException {
    sink.open(split);
  }

  @Override
  public CompletableFuture<Void> visit(StoredChunk chunk) throws IOException {
    int rows = chunk.rows().rows();
    RowOutputs outputs = RowOutputs.allocate(rows);
    CompletableFuture<Void> done = pass.feed(chunk.id(), chunk.rows(), outputs);
    write(new Found(outputs, rows, done));
    return done;
  }

  @Override
  public Optional<CompletableFuture<Void>> visitResident(long chunkId, int rows)
      throws IOException {
    RowOutputs outputs = RowOutputs.allocate(rows);
    Optional<CompletableFuture<Void>> done = pass.feedResident(chunkId, outputs);
    if (done.isPresent()) {
      write(new Found(outputs, rows, done.get()));
    }
    return done;
  }

  @Override
  public Set<Long> residentAmong(Collection<Long> chunkIds) {
    return pass.residentAmong(chunkIds);
  }

  /** When it is its turn. */
  private void write(Found found) throws IOException {
    unwritten.add(found);
    writeAllBut(BEHIND);
  }

  @Override
  public void endSplit(int split) throws IOException {
    writeAllBut(0);
    sink.commit();
  }

  private void writeAllBut(int count) throws IOException {
    while (unwritten.size() > count) {
      Found oldest = unwritten.remove();
      oldest.done().join();
      sink.write(oldest.outputs(), oldest.rows());
    }
  }
}
