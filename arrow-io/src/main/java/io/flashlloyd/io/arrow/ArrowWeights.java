package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.WeightReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.hadoop.conf.Configuration;

/** A column of numbers of a split's record batches, as float64; one batch at a time. */
final class ArrowWeights implements WeightReader {
  private final String uri;
  private final ArrowPart part;
  private final List<Integer> path;
  private final ArrowType type;
  private double[] weights = {};
  private int at;

  ArrowWeights(VectorSplit split, String name, Configuration hadoop) throws IOException {
    this.uri = split.uri();
    this.part = new ArrowPart(split, hadoop);
    this.path = new ArrayList<>();
    Field field = find(part.schema().getFields(), name, path);
    if (field == null || field.getDictionary() != null || !isNumber(field.getType())) {
      part.close();
      throw VectorInputException.inFile(
          uri,
          "has no column '%s' of weights (expected integers, float or double)".formatted(name));
    }
    this.type = field.getType();
  }

  private static Field find(List<Field> fields, String name, List<Integer> path) {
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      path.add(i);
      if (field.getName().equals(name)) {
        return field;
      }
      if (name.startsWith(field.getName() + ".") && field.getType() instanceof ArrowType.Struct) {
        String rest = name.substring(field.getName().length() + 1);
        Field child = find(field.getChildren(), rest, path);
        if (child != null) {
          return child;
        }
      }
      path.remove(path.size() - 1);
    }
    return null;
  }

  private static boolean isNumber(ArrowType type) {
    return type instanceof ArrowType.Int
        || (type instanceof ArrowType.FloatingPoint floats
            && floats.getPrecision() != FloatingPointPrecision.HALF);
  }

  @Override
  public double[] next(int maxRows) throws IOException {
    while (at == weights.length) {
      if (!part.hasNext()) {
        return null;
      }
      try {
        weights = load(part.next());
        at = 0;
      } catch (IOException | RuntimeException e) {
        throw ArrowFile.explain(uri, e);
      }
    }
    int start = at;
    at = (int) Math.min((long) at + maxRows, weights.length);
    return Arrays.copyOfRange(weights, start, at);
  }

  private double[] load(RecordBatchHeader header) throws IOException {
    List<RecordBatchHeader.Slot> slots = header.slots(part.schema().getFields(), path);
    RecordBatchHeader.Slot slot = slots.get(slots.size() - 1);
    double[] loaded;
    if (type instanceof ArrowType.Int integer) {
      loaded =
          Arrays.stream(new IdValues(header, slot, part.stream()).numbers(integer))
              .mapToDouble(number -> number)
              .toArray();
    } else {
      loaded = floats(header, slot);
    }
    for (RecordBatchHeader.Slot level : slots) {
      long row = Validity.firstNull(header, level, part.stream());
      if (row >= 0) {
        loaded[(int) row] = Double.NaN;
      }
    }
    return loaded;
  }

  private double[] floats(RecordBatchHeader header, RecordBatchHeader.Slot slot)
      throws IOException {
    boolean narrow =
        ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.SINGLE;
    int rows = Math.toIntExact(header.length(slot.node()));
    ByteBuffer values =
        BufferStream.read(header, slot.buffer() + 1, (long) rows * (narrow ? 4 : 8), part.stream());
    double[] loaded = new double[rows];
    for (int row = 0; row < rows; row++) {
      loaded[row] = narrow ? values.getFloat(row * 4) : values.getDouble(row * 8);
    }
    return loaded;
  }

  @Override
  public void close() throws IOException {
    part.close();
  }
}
