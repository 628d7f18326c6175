package io.flashlloyd.spark.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * How a run follows from the one before.
 *
 * @param previous that run's folder
 * @param decision {@code skip}, {@code append}, {@code warm-start} or {@code re-init}
 * @param reason why
 * @param addedClusters numbers that no cluster of the previous run was matched with
 * @param retiredClusters numbers of the previous run that no cluster was matched with
 * @param renumberedClusters numbers to numbers, of clusters that could not keep theirs as k fell
 * @param moves what became of rows; null where rows have no ids
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reindexing(
    String previous,
    String decision,
    String reason,
    List<Integer> addedClusters,
    List<Integer> retiredClusters,
    Map<Integer, Integer> renumberedClusters,
    RowMoves moves) {}
