package io.flashlloyd.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.TestRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Passes share an engine's budget, and each has one accumulator whatever the others took. */
class SumPoolTest {
  private static final int THREADS = 4;

  @Test
  void shouldKeepAllPassesWithinOneBudget() throws Exception {
    PassPlan plan = plan();
    SumBudget budget = new SumBudget(2 * SumPool.bytes(plan));
    SumPool greedy = new SumPool(plan, THREADS, budget);
    SumPool late = new SumPool(plan, THREADS, budget);
    assertThat(greedy.take()).isNotSameAs(greedy.take());
    greedy.take();
    RowSums only = late.take();

    CompletableFuture<RowSums> second = taken(late);
    assertThat(isDone(second)).as("a second accumulator, the budget being spent").isFalse();
    late.give(only);
    assertThat(second.get(10, TimeUnit.SECONDS)).isSameAs(only);

    greedy.close();
    greedy.close();
    assertThat(late.take()).as("once the other pass has ended").isNotSameAs(only);
    assertThat(late.take()).isNotSameAs(only);
    assertThat(isDone(taken(late))).as("the budget is spent again").isFalse();
    late.give(only);
  }

  @Test
  void shouldGiveBackTheBudgetOfWhatTheHeapHasNoRoomFor() throws Exception {
    PassPlan plan = plan();
    SumBudget budget = new SumBudget(SumPool.bytes(plan));
    AtomicInteger asked = new AtomicInteger();
    SumPool pool =
        new SumPool(
            plan,
            THREADS,
            budget,
            () -> {
              if (asked.incrementAndGet() == 2) {
                throw new OutOfMemoryError("as if");
              }
              return new RowSums(plan);
            });
    pool.take();

    assertThatThrownBy(pool::take).isInstanceOf(OutOfMemoryError.class);

    assertThat(budget.take(SumPool.bytes(plan))).isTrue();
  }

  private static CompletableFuture<RowSums> taken(SumPool pool) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return pool.take();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static boolean isDone(CompletableFuture<RowSums> future) throws Exception {
    try {
      future.get(100, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static PassPlan plan() {
    HostRows rows = TestRows.random(ElementType.UINT8, 10, 3, new Random(1));
    RowStatistics statistics = new RowStatistics(3);
    statistics.add(rows);
    return PassPlan.lloyd(new Centroids(new float[6], 2, 3), null, SumScale.of(statistics));
  }
}
