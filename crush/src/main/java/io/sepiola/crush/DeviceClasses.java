package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import java.util.Map;
import java.util.OptionalInt;

/**
 * Changes which device classes there are; {@link CrushEditor} says which device has which. Owned by
 * one caller; the map it started from stays as it was.
 */
public final class DeviceClasses {
    private final CrushDraft draft;

    /** Starts from {@code map}. */
    public DeviceClasses(CrushMap map) {
        draft = new CrushDraft(map);
    }

    /** The map as it stands; shadows are made anew. */
    public CrushMap build() {
        return new CrushEditor(draft.build()).build();
    }

    private OptionalInt number(String name) {
        return draft.classNames.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    /** Makes a class that no device has yet; its number. */
    public int create(String name) {
        CrushEditor.requireName(name);
        if (number(name).isPresent()) {
            throw new CrushException(Kind.PRESENT, "class '" + name + "' already exists");
        }
        int number = draft.classNames.isEmpty() ? 0 : draft.classNames.lastKey() + 1;
        draft.classNames.put(number, name);
        return number;
    }

    /**
     * Takes a class away, also from the devices that have it; its number.
     *
     * @throws CrushException when there is none, or a rule keeps to it
     */
    public int remove(String name) {
        int number =
                number(name)
                        .orElseThrow(() ->
                                new CrushException(
                                        Kind.ABSENT, "class '" + name + "' does not exist"));
        refuseWhenTaken(name, number);
        draft.shadows
                .values()
                .removeIf(byClass -> {
                    Integer shadow = byClass.remove(number);
                    if (shadow != null) {
                        forget(shadow);
                    }
                    return byClass.isEmpty();
                });
        draft.itemClasses.values().removeIf(its -> its == number);
        draft.classNames.remove(number);
        return number;
    }

    private void forget(int shadow) {
        draft.buckets.set(-1 - shadow, null);
        draft.itemNames.remove(shadow);
        draft.itemClasses.remove(shadow);
        draft.chooseArgs.replaceAll((set, args) -> WeightSets.withoutBucket(args, shadow));
    }

    private void refuseWhenTaken(String name, int number) {
        for (CrushRule rule : draft.rules) {
            boolean takes =
                    rule != null
                            && rule.steps().stream()
                                    .anyMatch(step ->
                                            step.operation() == CrushRule.Step.TAKE
                                                    && step.first() < 0
                                                    && Integer.valueOf(number)
                                                            .equals(
                                                                    draft.itemClasses.get(
                                                                            step.first())));
            if (takes) {
                throw new CrushException(
                        Kind.USED,
                        "class '"
                                + name
                                + "' still referenced by crush_rule '"
                                + draft.ruleNames.get(draft.rules.indexOf(rule))
                                + "'");
            }
        }
    }

    /** Gives a class another name; its devices and rules stay with it. */
    public void rename(String name, String newName) {
        CrushEditor.requireName(newName);
        int number =
                number(name)
                        .orElseThrow(() ->
                                new CrushException(
                                        Kind.ABSENT, "class '" + name + "' does not exist"));
        if (number(newName).isPresent()) {
            throw new CrushException(Kind.PRESENT, "class '" + newName + "' already exists");
        }
        draft.classNames.put(number, newName);
    }
}
