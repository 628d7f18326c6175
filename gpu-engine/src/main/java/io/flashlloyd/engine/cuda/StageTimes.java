package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.StageSeconds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Device time of each stage of one chunk's way, by events. */
final class StageTimes implements AutoCloseable {
  private record Mark(String stage, DeviceEvent event) {}

  private final List<Mark> marks = new ArrayList<>();

  /** Marks the beginning of a first stage. */
  void start(DeviceStream stream) {
    marks.add(new Mark(null, DeviceEvent.timed().record(stream)));
  }

  /** Marks the end of a stage that began at the mark before, in the same stream. */
  void stage(String name, DeviceStream stream) {
    marks.add(new Mark(name, DeviceEvent.timed().record(stream)));
  }

  /** All that was recorded; waits for the last mark. */
  StageSeconds seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (int i = 1; i < marks.size(); i++) {
      Mark mark = marks.get(i);
      if (mark.stage() != null) {
        mark.event().synchronize();
        double elapsed = mark.event().millisSince(marks.get(i - 1).event()) * 1e-3;
        seconds.merge(mark.stage(), elapsed, Double::sum);
      }
    }
    return new StageSeconds(seconds);
  }

  @Override
  public void close() {
    for (Mark mark : marks) {
      mark.event().close();
    }
    marks.clear();
  }
}
