package io.pgq4j.testing.history;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** A set that forgets its oldest elements. */
final class Recent<E> extends AbstractSet<E> {

  private final int most;
  private final Set<E> elements = new LinkedHashSet<>();

  Recent(int most) {
    this.most = most;
  }

  @Override
  public boolean add(E element) {
    boolean added = elements.add(element);
    if (elements.size() > most) {
      Iterator<E> oldest = elements.iterator();
      oldest.next();
      oldest.remove();
    }
    return added;
  }

  @Override
  public boolean contains(Object element) {
    return elements.contains(element);
  }

  @Override
  public Iterator<E> iterator() {
    return elements.iterator();
  }

  @Override
  public int size() {
    return elements.size();
  }
}
