package io.flashlloyd.io.arrow;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.FileColumns;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.hadoop.conf.Configuration;

/** The id column of a split's record batches, one record batch on the heap at a time. */
final class ArrowIds implements IdReader {
  private final String uri;
  private final ArrowPart part;
  private final ArrowIdColumn column;
  private final Dictionaries dictionaries;
  private Ids ids;
  private int at;

  ArrowIds(VectorSplit split, String name, Configuration hadoop) throws IOException {
    this.uri = split.uri();
    this.part = new ArrowPart(split, hadoop);
    try {
      this.column = ArrowColumns.of(uri, part.schema(), false).ids(name);
      this.dictionaries =
          column.field().getDictionary() == null ? null : new Dictionaries(column, part);
    } catch (IOException | RuntimeException e) {
      part.close();
      throw ArrowFile.explain(uri, e);
    }
  }

  @Override
  public Ids next(int maxRows) throws IOException {
    while (ids == null || at == ids.rows()) {
      if (!part.hasNext()) {
        return null;
      }
      try {
        ids = load(part.next());
        at = 0;
      } catch (IOException | RuntimeException e) {
        throw ArrowFile.explain(uri, e);
      }
    }
    int end = (int) Math.min((long) at + maxRows, ids.rows());
    int start = at;
    at = end;
    return ids.range(start, end);
  }

  private Ids load(RecordBatchHeader header) throws IOException {
    List<Field> fields = part.schema().getFields();
    List<RecordBatchHeader.Slot> slots = header.slots(fields, column.path());
    RecordBatchHeader.Slot slot = slots.get(slots.size() - 1);
    IdValues values = new IdValues(header, slot, part.stream());
    for (RecordBatchHeader.Slot level : slots) {
      long row = Validity.firstNull(header, level, part.stream());
      if (row >= 0) {
        throw FileColumns.nullId(uri, part.firstRowInFile() + row, column.name());
      }
    }
    return dictionaries == null
        ? values.read(column.field().getType(), column.type())
        : lookUp(values.numbers(column.field().getDictionary().getIndexType()));
  }

  private Ids lookUp(long[] indices) throws IOException {
    Ids known = dictionaries.before(part.dictionariesEnd());
    boolean text = column.type() == IdType.STRING;
    String[] texts = new String[text ? indices.length : 0];
    long[] numbers = new long[text ? 0 : indices.length];
    for (int row = 0; row < indices.length; row++) {
      if (indices[row] < 0 || indices[row] >= known.rows()) {
        throw new IllegalArgumentException(
            "row %d has index %d into a dictionary of %d"
                .formatted(part.firstRowInFile() + row, indices[row], known.rows()));
      }
      int index = (int) indices[row];
      if (text) {
        texts[row] = known.text(index);
      } else {
        numbers[row] = known.number(index);
      }
    }
    return text ? Ids.ofTexts(texts) : Ids.ofNumbers(column.type(), numbers);
  }

  @Override
  public void close() throws IOException {
    part.close();
  }
}
