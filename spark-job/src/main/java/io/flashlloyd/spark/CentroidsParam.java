package io.flashlloyd.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flashlloyd.engine.Centroids;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * A param whose value is centroids. It is saved with the other params, bit for bit: {@code {"k":
 * 2, "dimension": 3, "float32": "BASE64"}}, the bytes row-major and little-endian.
 */
public final class CentroidsParam extends Param<Centroids> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  CentroidsParam(Params owner, String name, String doc) {
    super(owner, name, doc);
  }

  @Override
  public String jsonEncode(Centroids value) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(value.values().length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(value.values());
    ObjectNode json = JSON.createObjectNode();
    json.put("k", value.k()).put("dimension", value.dimension()).put("float32", bytes.array());
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public Centroids jsonDecode(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      int k = node.required("k").intValue();
      int dimension = node.required("dimension").intValue();
      byte[] bytes = node.required("float32").binaryValue();
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return new Centroids(values, k, dimension);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Param %s cannot be read from JSON: %s".formatted(name(), e.getMessage()), e);
    }
  }

  /** Vectors as centroids, narrowed to float32. */
  static Centroids of(Vector[] vectors) {
    if (vectors.length == 0) {
      throw new IllegalArgumentException("There are no centroids (expected at least one)");
    }
    int dimension = vectors[0].size();
    float[] values = new float[Math.multiplyExact(vectors.length, dimension)];
    for (int cluster = 0; cluster < vectors.length; cluster++) {
      if (vectors[cluster].size() != dimension) {
        throw new IllegalArgumentException(
            "Centroid %d has dimension %d (expected %d, as the first)"
                .formatted(cluster, vectors[cluster].size(), dimension));
      }
      for (int t = 0; t < dimension; t++) {
        values[cluster * dimension + t] = (float) vectors[cluster].apply(t);
      }
    }
    return new Centroids(values, vectors.length, dimension);
  }
}
