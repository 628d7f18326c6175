package io.flashlloyd.spark.data;

import io.flashlloyd.engine.Pass;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.StoredChunk;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Feeds chunks to a pass that is asked for no row outputs. */
public record FeedVisitor(Pass pass) implements ChunkVisitor {
  @Override
  public CompletableFuture<Void> visit(StoredChunk chunk) {
    return pass.feed(chunk.id(), chunk.rows(), null);
  }

  @Override
  public Optional<CompletableFuture<Void>> visitResident(long chunkId, int rows) {
    return pass.feedResident(chunkId, null);
  }

  @Override
  public Set<Long> residentAmong(Collection<Long> chunkIds) {
    return pass.residentAmong(chunkIds);
  }
}
