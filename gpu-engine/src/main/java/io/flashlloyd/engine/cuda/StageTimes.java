package io.flashlloyd.engine.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Device time of each stage of the pipeline, by events, and what the host does; for the bench. */
class StageTimes implements AutoCloseable {
  /** Records nothing. */
  static final StageTimes NONE =
      new StageTimes() {
        @Override
        void start(DeviceStream stream) {
          // Nobody asked.
        }

        @Override
        void stage(String name, DeviceStream stream) {
          // Nobody asked.
        }

        @Override
        void host(String name, long nanos) {
          // Nobody asked.
        }
      };

  private record Mark(String stage, DeviceEvent event) {}

  private final List<Mark> marks = new ArrayList<>();
  private final Map<String, Double> host = new LinkedHashMap<>();

  /** Marks the beginning of the first stage. */
  void start(DeviceStream stream) {
    marks.add(new Mark(null, DeviceEvent.timed().record(stream)));
  }

  /** Marks the end of a stage. */
  void stage(String name, DeviceStream stream) {
    marks.add(new Mark(name, DeviceEvent.timed().record(stream)));
  }

  /** Adds wall time of the host. */
  void host(String name, long nanos) {
    host.merge(name, nanos / 1e6, Double::sum);
  }

  /** Milliseconds of the host by what it did. */
  Map<String, Double> hostMillis() {
    return host;
  }

  /** Milliseconds by stage, summed over all that was recorded; waits for the last mark. */
  Map<String, Float> millis() {
    Map<String, Float> millis = new LinkedHashMap<>();
    for (int i = 1; i < marks.size(); i++) {
      Mark mark = marks.get(i);
      if (mark.stage() != null) {
        mark.event().synchronize();
        millis.merge(mark.stage(), mark.event().millisSince(marks.get(i - 1).event()), Float::sum);
      }
    }
    return millis;
  }

  @Override
  public void close() {
    for (Mark mark : marks) {
      mark.event().close();
    }
    marks.clear();
  }
}
