"""How the network is to learn: everything that a training needs, with what each setting means for it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network.network import CLASSES
from core.runs import budget, diagnosis, folders, history, queue
from core.training import data
from core.training.optimizers import OPTIMIZERS
from core.training.presets import PRESETS
from core.training.spec import IMAGES, TrainingSpec
from ui.shared import aloud, controls, digit, navigation, networks, state, tables, text, visitor, warmup
from ui.train import recorded, settings
from viz import memory_bars

_NAMES = {
    **{name: optimizer.title for name, optimizer in OPTIMIZERS.items()},
    "constant": "Constant",
    "cosine": "Falling",
    "warmup": "Warm-up",
    "none": "Off",
    "light": "Light",
    "drawn": "As people draw",
    "fit": "Keras fit",
    "loop": "GradientTape loop",
    "auto": "Auto",
    "top_3_accuracy": "Top-3 accuracy",
    "crossentropy": "Cross-entropy",
}
_SHOWN = {option: f"{int(option):,}" for option in (*settings.EXAMPLES, *settings.VALIDATIONS)}
_STARTED = "_train_error"


def show() -> None:
    """A preset and the button side by side, what they amount to, the settings that are turned most; then the rest."""
    spec = settings.training_spec()
    _start(spec)
    if warmup.ready():  # else this process is the one that imports TensorFlow, and somebody waits for it
        queue.prepare()
    rate, epochs, images = st.columns(3, gap="medium")
    with rate:
        controls.steps(
            "fit_rate", "Learning rate", "How far each step goes. Ten times more or less changes everything."
        )
    with epochs:
        controls.slider("fit_epochs", "Epochs", "How often it sees each training image.")
    with images:
        controls.steps("fit_examples", "Training images", "The first so many of MNIST's training half.", names=_SHOWN)
    _more(spec)
    _labels(spec)


def _start(spec: TrainingSpec) -> None:
    problem = spec.problem() or budget.problem(spec)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        with st.container(width=230):
            st.selectbox(
                "Try",
                list(PRESETS),
                index=None,
                key="train_preset",
                placeholder="settings worth trying",
                on_change=_preset_chosen,
            )
        st.button(
            "Start training",
            icon=":material/play_arrow:",
            key="train_start",
            on_click=_started,
            args=(spec,),
            disabled=problem is not None,
        )
        with st.container(width=260):
            st.text_input("Name", key="train_name", max_chars=folders.LONGEST_NAME, placeholder=spec.title())
        st.button("Reset", icon=":material/restart_alt:", key="fit_reset", on_click=state.reset, args=("fit_",))
    if error := st.session_state.pop(_STARTED, None) or problem:
        st.error(text.plain(error))
    if preset := PRESETS.get(st.session_state.get("train_preset") or ""):
        st.caption(preset.note)
        recorded.offer(st.session_state["train_preset"])
    st.markdown(_amount(spec))


def _amount(spec: TrainingSpec) -> str:
    """Images, steps and time of the whole training."""
    pace = history.pace(spec)
    needed = spec.epochs * spec.examples / pace if pace else 0
    about = f" About {text.duration(needed)} at the pace of an earlier run." if needed else ""
    cut = ""
    if int(state.get("fit_examples")) != spec.examples:
        cut = f" Only {spec.examples:,} training images: validation takes the rest of the {IMAGES:,}."
    return (
        f"**{spec.epochs} × {spec.examples:,} images** in batches of {spec.batch_size}: "
        f"{spec.batches:,} steps an epoch, {spec.epochs * spec.batches:,} in all.{about}{cut}{_disk(spec)}"
    )


def _disk(spec: TrainingSpec) -> str:
    """What is not kept, where a run may not write as much."""
    if spec.problem() or len(kept := budget.kept_epochs(spec)) > spec.epochs:
        return ""
    named = ", ".join(map(str, sorted(kept)))
    return f" A run may write {memory_bars.size(budget.most_bytes())}: only the weights after epochs {named} are kept."


def _preset_chosen() -> None:
    if preset := PRESETS.get(st.session_state["train_preset"] or ""):
        state.put(settings.settings_of(preset.spec))


def _more(spec: TrainingSpec) -> None:
    """All other settings, folded away; in front of them what they are."""
    st.caption(_rest(spec))
    with st.expander("More settings", icon=":material/tune:"):
        first, second, third = st.columns(3, gap="medium")
        with first:
            st.markdown("**How it steps**")
            _steps()
        with second:
            st.markdown("**What it sees**")
            _data()
        with third:
            st.markdown("**What it is told**")
            _loss()
    network = spec.network
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        size = "" if network.problem() else f", {network.parameter_count():,} parameters"
        st.markdown(f"**Network**: {networks.chosen().name}, {len(network)} layers{size}.", width="content")
        navigation.link("network", "Change the network", icon=":material/account_tree:", width="content")


def _rest(spec: TrainingSpec) -> str:
    """The settings under "More settings" in one line."""
    used = OPTIMIZERS[spec.optimizer]
    momentum = f" with momentum {spec.momentum:g}" if "momentum" in used.parameters else ""
    measures = [_NAMES[name] for name in spec.metrics if name != "accuracy"]
    parts = [
        f"{used.title}{momentum}",
        f"rate: {_NAMES[spec.schedule].lower()}",
        f"batches of {spec.batch_size}",
        f"{spec.validation:,} validation images",
        f"augmentation: {_NAMES[spec.augmentation].lower()}",
        spec.loss,
        *(f"also {measure.lower()}" for measure in measures),
        _NAMES[spec.engine],
        f"precision: {_NAMES.get(spec.precision, spec.precision).lower()}",
        f"seed {spec.seed}",
    ]
    return ", ".join(parts) + "."


def _steps() -> None:
    chosen = controls.choice("fit_optimizer", "Optimizer", names=_NAMES)
    st.caption(f"{OPTIMIZERS[chosen].title}: {OPTIMIZERS[chosen].says}.")
    if "momentum" in OPTIMIZERS[chosen].parameters:
        controls.slider("fit_momentum", "Momentum", "The share of the last step that is added to this one.")
    controls.choice(
        "fit_schedule",
        "Schedule",
        "Falling: large steps first, tiny ones at the end. Warm-up: the rate rises from 0 in the first tenth of all "
        "steps, while the gradients are at their roughest, and falls from there.",
        names=_NAMES,
    )
    controls.steps("fit_batch", "Batch size", "Images a step. Smaller: more, noisier steps in an epoch.")


def _data() -> None:
    controls.steps(
        "fit_validation",
        "Validation images",
        "The last so many of the training half. It never trains on them: they show whether it learned digits or only "
        "these pictures. The test half is kept for the Evaluate page.",
        names=_SHOWN,
    )
    controls.choice(
        "fit_augmentation",
        "Augmentation",
        "Light: each image a little turned, moved and zoomed, differently every time. As people draw: also slashed "
        "zeros, ones with flag and foot, crossed sevens, other pens.",
        names=_NAMES,
    )
    controls.number(
        "fit_seed",
        "Seed",
        "The same seed: the same start weights and the same order of images, so that two runs which differ in one "
        "setting can be compared fairly.",
    )


def _loss() -> None:
    controls.select("fit_loss", "Loss", "What it is to make small.")
    controls.several("fit_metrics", "Also measure", "Accuracy always is. The optimizer looks at none of them.", _NAMES)
    controls.choice(
        "fit_engine",
        "Engine",
        "Keras' `fit`, or the loop written out with tf.GradientTape. Same numbers: compare two runs.",
        names=_NAMES,
    )
    controls.choice(
        "fit_precision",
        "Precision",
        "Auto measures a step in float32 and in mixed_bfloat16 on this machine and takes the faster one.",
        names=_NAMES,
    )


def _started(spec: TrainingSpec) -> None:
    try:
        run = queue.start(spec, st.session_state.get("train_name") or "", visitor.owner())
    except folders.RunError as error:
        st.session_state[_STARTED] = str(error)
        return
    st.session_state["train_name"] = ""
    aloud.say(f"{run.name}: its training was started.")
    batches = min(spec.epochs * spec.batches, settings.MOST_BATCHES)
    state.put({"train_part": "watch", "train_run": run.id, "train_epoch": spec.epochs, "train_batch": batches})


def _labels(spec: TrainingSpec) -> None:
    """How this loss wants the label, and what it says of a network that knows nothing."""
    label = digit.chosen().label
    encoded = data.encode(np.array([label]), spec.one_hot)[0]
    written = f"[{', '.join(f'{value:g}' for value in encoded)}]" if spec.one_hot else str(int(encoded))
    blind = text.number(diagnosis.blind_loss(spec.loss))
    st.header("What this loss compares", anchor=False)
    rows = [
        (f"the label of a {label}", f"`{written}`", tables.code(f"{encoded.dtype} {encoded.shape}")),
        ("the network's answer", "ten probabilities that sum to 1", tables.code(f"float32 {(CLASSES,)}")),
        ("the loss where all ten are 0.1", tables.code(blind), _FORMULAS[spec.loss]),
    ]
    st.markdown(tables.markdown(("what", "value", "dtype and shape, or formula"), rows))
    st.caption(_LOSS_SAYS[spec.loss])


_FORMULAS = {
    "sparse_categorical_crossentropy": "−ln 0.1",
    "categorical_crossentropy": "−ln 0.1",
    "binary_crossentropy": "−(ln 0.1 + 9 · ln 0.9) / 10",
}
_LOSS_SAYS = {
    "sparse_categorical_crossentropy": "Labels stay whole numbers; the loss is −ln of the probability of the right "
    "digit. The right choice for one digit out of ten.",
    "categorical_crossentropy": "The same number as the sparse one, but it wants each label as ten numbers (one-hot). "
    "With whole numbers Keras refuses: the shapes do not fit.",
    "binary_crossentropy": "Ten separate yes-or-no questions, averaged: the numbers are smaller and cannot be compared "
    'with the other two. It also wants one-hot labels. metrics=["accuracy"] still is the share of right digits: Keras '
    "chooses by the shape of output and labels, and takes CategoricalAccuracy for ten outputs. Only "
    'metrics=["binary_accuracy"] compares each output with one half, and says 90 % of an answer of ten zeros. Where '
    "the network ends in softmax, Keras takes the numbers before it and passes each through sigmoid: the loss begins "
    "near ln 2 = 0.693, and 0.3251 is what a network reaches that knows only that each digit is one in ten.",
}
