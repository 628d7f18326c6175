package io.flashlloyd.io;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the files that an input names.
 *
 * @param read how many
 * @param withoutRows how many of those have none
 * @param skipped how many names in folders were passed over, by the rule that says so; what is in
 *     such a folder is not counted
 */
public record InputFiles(int read, int withoutRows, Map<String, Integer> skipped)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public InputFiles {
    skipped = new TreeMap<>(skipped);
  }
}
