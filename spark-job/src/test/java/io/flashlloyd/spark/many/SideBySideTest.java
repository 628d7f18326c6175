package io.flashlloyd.spark.many;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskContext$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  @BeforeEach
  void inATask() {
    TaskContext$.MODULE$.setTaskContext(TaskContext$.MODULE$.empty());
  }

  @AfterEach
  void afterTheTask() {
    TaskContext$.MODULE$.unset();
  }

  @Test
  void shouldRunCallsAtTheSameTimeInTheCallersTask() {
    TaskContext task = TaskContext.get();
    CountDownLatch allAreThere = new CountDownLatch(3);
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      calls.add(
          () -> {
            allAreThere.countDown();
            allAreThere.await();
            assertThat(TaskContext.get()).isSameAs(task);
            return number;
          });
    }
    try (SideBySide threads = new SideBySide(3)) {
      assertThat(threads.run(calls)).containsExactly(0, 1, 2);
      assertThat(threads.run(calls.subList(1, 3))).containsExactly(1, 2);
    }
  }

  @Test
  void shouldRunOneAfterTheOtherOnTheCallersThread() {
    Thread caller = Thread.currentThread();
    try (SideBySide threads = new SideBySide(1)) {
      assertThat(threads.run(List.of(Thread::currentThread, Thread::currentThread)))
          .containsExactly(caller, caller);
    }
  }

  @Test
  void shouldThrowTheFirstFailureWhenAllHaveEnded() {
    AtomicInteger ended = new AtomicInteger();
    Callable<Integer> works = ended::incrementAndGet;
    Callable<Integer> refuses =
        () -> {
          throw new IllegalArgumentException("no rows");
        };
    Callable<Integer> breaks =
        () -> {
          throw new IOException("disk");
        };
    for (int count : new int[] {1, 4}) {
      ended.set(0);
      try (SideBySide threads = new SideBySide(count)) {
        assertThatThrownBy(() -> threads.run(List.of(works, refuses, breaks, works)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("no rows");
        assertThat(ended).hasValue(2);
        assertThatThrownBy(() -> threads.run(List.of(breaks)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("A group's fit failed: disk")
            .hasCauseInstanceOf(IOException.class);
      }
    }
  }
}
