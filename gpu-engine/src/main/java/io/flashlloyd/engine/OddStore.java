package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.SumScale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an engine knows of its chunks' odd values, so that they are looked for once. Kept by chunk
 * until {@link #forget}, but where there are many. Thread-safe.
 */
public final class OddStore {
  private final Map<Long, OddValues> kept = new ConcurrentHashMap<>();

  /** The pass, with odd values summed apart where its data has some. */
  public Pass watch(Pass pass, PassPlan plan) {
    boolean apart = plan.scale().hasOdd() && plan.sums().ofCoordinates();
    return apart ? new OddPass(pass, plan, this) : pass;
  }

  OddValues of(long chunkId, HostRows chunk, SumScale scale) {
    return of(chunkId, scale).orElseGet(() -> find(chunkId, chunk, scale));
  }

  /** Empty where the chunk has to be looked through. */
  Optional<OddValues> of(long chunkId, SumScale scale) {
    return Optional.ofNullable(kept.get(chunkId)).filter(odd -> odd.areOf(scale));
  }

  private OddValues find(long chunkId, HostRows chunk, SumScale scale) {
    OddValues found = new OddValues(chunk, scale);
    if (found.count() <= chunk.rows()) {
      kept.put(chunkId, found);
    }
    return found;
  }

  /** The id may name other rows from now on. */
  public void forget(long chunkId) {
    kept.remove(chunkId);
  }
}
