package io.flashlloyd.io.arrow;

import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;

/** The dictionary of an id column, as it stands at a record batch: streams may change it. */
final class Dictionaries {
  private final ArrowIdColumn column;
  private final ArrowPart part;
  private final List<ArrowFile.Extent> extents;
  private int taken;
  private Ids known;

  Dictionaries(ArrowIdColumn column, ArrowPart part) throws IOException {
    this.column = column;
    this.part = part;
    this.extents = part.dictionaries();
  }

  /** The ids that indices refer to, by the dictionary batches before a position. */
  Ids before(long position) throws IOException {
    while (taken < extents.size() && extents.get(taken).offset() < position) {
      take(extents.get(taken++));
    }
    if (known == null) {
      throw new IllegalArgumentException(
          "the dictionary of id column '%s' is not there".formatted(column.name()));
    }
    return known;
  }

  private void take(ArrowFile.Extent extent) throws IOException {
    Message message = RecordBatchHeader.message(extent, part.stream());
    if (message.headerType() != MessageHeader.DictionaryBatch) {
      throw new IllegalArgumentException(
          "message type %d at byte %d (expected a dictionary)"
              .formatted(message.headerType(), extent.offset()));
    }
    DictionaryBatch batch = (DictionaryBatch) message.header(new DictionaryBatch());
    if (batch.id() != column.field().getDictionary().getId()) {
      return;
    }
    RecordBatchHeader header = RecordBatchHeader.ofDictionary(extent, batch);
    RecordBatchHeader.Slot values = new RecordBatchHeader.Slot(0, 0, 0);
    if (Validity.firstNull(header, values, part.stream()) >= 0) {
      throw VectorInputException.inFile(
          part.uri(),
          "id column '%s' has a null in its dictionary (expected values); fill it"
              .formatted(column.name()));
    }
    Ids ids =
        new IdValues(header, values, part.stream()).read(column.field().getType(), column.type());
    known = batch.isDelta() && known != null ? known.and(ids) : ids;
  }
}
