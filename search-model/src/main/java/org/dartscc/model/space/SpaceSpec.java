package org.dartscc.model.space;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.dartscc.model.network.Shape;

/**
 * How messages name a space: its name, the image it takes and the number of classes it tells apart.
 *
 * @param name of a registered space, or the {@link SpaceDefinition#id()} of the definition, so that genotypes and
 *     checkpoints of two definitions never look alike
 * @param definition of a user's own space; null for a registered one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SpaceSpec(String name, Shape image, int classes, SpaceDefinition definition) {
    @JsonCreator
    public SpaceSpec(
            @JsonProperty("name") String name,
            @JsonProperty("image") Shape image,
            @JsonProperty("classes") int classes,
            @JsonProperty("definition") SpaceDefinition definition) {
        if (name == null || image == null) {
            throw new IllegalArgumentException("a space has a name and takes images of a shape");
        }
        if (definition != null && !definition.id().equals(name)) {
            throw new IllegalArgumentException(
                    "the space %s comes with the definition of %s".formatted(name, definition.id()));
        }
        this.name = name;
        this.image = image;
        this.classes = classes;
        this.definition = definition;
    }

    /** A registered space. */
    public SpaceSpec(String name, Shape image, int classes) {
        this(name, image, classes, null);
    }

    /** A user's own space. */
    public static SpaceSpec of(SpaceDefinition definition, Shape image, int classes) {
        return new SpaceSpec(definition.id(), image, classes, definition);
    }

    /** @throws IllegalArgumentException when no such space is registered, or it can't take such images */
    public SearchSpace create() {
        return Spaces.create(this);
    }
}
