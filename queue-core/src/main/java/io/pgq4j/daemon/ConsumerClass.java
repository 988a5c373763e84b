package io.pgq4j.daemon;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** A user's class as a ready consumer: its constructor, and the keys that it declares. */
final class ConsumerClass implements ReadyConsumer {
  private final Class<? extends Consumer> type;
  private final Constructor<? extends Consumer> constructor;

  ConsumerClass(Class<? extends Consumer> type) {
    this.type = type;
    constructor = constructor(type);
    constructor.setAccessible(true);
  }

  private static Constructor<? extends Consumer> constructor(Class<? extends Consumer> type) {
    try {
      return type.getDeclaredConstructor(Settings.class);
    } catch (NoSuchMethodException configured) {
      try {
        return type.getDeclaredConstructor();
      } catch (NoSuchMethodException e) {
        throw new IllegalArgumentException(
            type.getName()
                + " needs a constructor without parameters, or one with "
                + Settings.class.getName(),
            e);
      }
    }
  }

  @Override
  public String name() {
    return type.getSimpleName();
  }

  @Override
  public String summary() {
    return "Runs " + type.getName() + ".";
  }

  /** Its name's, and the static fields of it and its superclasses; none if it takes no settings. */
  @Override
  public List<Setting<?>> settings() {
    List<Setting<?>> settings = new ArrayList<>();
    if (constructor.getParameterCount() > 0) {
      settings.addAll(List.of(Settings.QUEUE, Settings.CONSUMER));
      collect(type, settings);
    }
    return settings;
  }

  private static void collect(Class<?> type, List<Setting<?>> settings) {
    if (type.getSuperclass() != null) {
      collect(type.getSuperclass(), settings);
    }
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class) {
        try {
          field.setAccessible(true);
          settings.add((Setting<?>) field.get(null));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  @Override
  public Consumer create(Settings settings) {
    try {
      return constructor.getParameterCount() > 0
          ? constructor.newInstance(settings)
          : constructor.newInstance();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException bad) {
        throw bad;
      }
      throw new IllegalStateException(type.getName() + " cannot be made", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " cannot be made", e);
    }
  }
}
