package io.flashlloyd.spark.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What reports are written as. Secrets in URIs stay out of them: who may read a run may not be
 * allowed to read what it was made of.
 */
public final class ReportJson {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new SimpleModule().addSerializer(String.class, new Texts()));
  private static final ObjectWriter INDENTED = JSON.writerWithDefaultPrettyPrinter();

  private ReportJson() {}

  private static final class Texts extends StdSerializer<String> {
    private static final long serialVersionUID = 1L;

    Texts() {
      super(String.class);
    }

    @Override
    public void serialize(String text, JsonGenerator json, SerializerProvider all)
        throws IOException {
      json.writeString(PlainText.withoutSecrets(text));
    }
  }

  /** Writes a report for people, too; the stream stays open. */
  public static void write(OutputStream out, Object report) throws IOException {
    out.write(INDENTED.writeValueAsBytes(report));
  }

  /** On one line. */
  public static String line(Object report) throws JsonProcessingException {
    return JSON.writeValueAsString(report);
  }
}
