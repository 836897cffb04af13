"""Does the steps of a task in PyTorch when it is told to: a number on its input is so many steps, answered by a line of
CPU seconds and the process' peak memory in KiB. Arguments: the task's networks as JSON, threads. The networks, the batch
and the updates are those that DJL runs; kernels lie with their channels last, as they do there."""
import json
import resource
import sys
import time

import torch
import torch.nn.functional as F


def run(network, values, mixture, images):
    outputs = {network[0]["name"]: images}
    last = {i: n["name"] for n in network for i in n["inputs"]}
    for node in network[1:]:
        x = [outputs[i] for i in node["inputs"]]
        outputs[node["name"]] = apply(node, x, values, mixture)
        for i in node["inputs"]:
            if last[i] == node["name"]:
                outputs.pop(i, None)
    return outputs[network[-1]["name"]]


def apply(node, x, values, mixture):
    name, kind = node["name"], node["type"]
    if kind == "Convolution":
        return F.conv2d(x[0], values[name + ".weight"], None, node["stride"], node["padding"], node["dilation"],
                        node["groups"])
    if kind == "BatchNorm":
        return F.batch_norm(x[0], values[name + ".mean"], values[name + ".var"], values[name + ".gamma"],
                            values[name + ".beta"], True, 0.0, 1e-5)
    if kind == "Relu":
        return F.relu(x[0])
    if kind == "Add":
        total = x[0] + x[1]
        for term in x[2:]:
            total = total + term
        return total
    if kind == "Mixture":
        weights = mixture[node["decision"]]
        total = None
        for term, option in zip(x, node["options"]):
            term = term * weights[option]
            total = term if total is None else total.add_(term)
        return total
    if kind == "Concat":
        return torch.cat(x, 1)
    if kind == "MaxPool":
        return F.max_pool2d(x[0], *node["window"])
    if kind == "AveragePool":
        return F.avg_pool2d(x[0], *node["window"])
    if kind == "GlobalAveragePool":
        return x[0].mean((2, 3))
    if kind == "Linear":
        return F.linear(x[0].flatten(1), values[name + ".weight"], values[name + ".bias"])
    if kind == "DropFirst":
        return x[0][:, :, 1:, 1:]
    if kind == "Zero":
        return x[0].new_zeros((x[0].shape[0], *node["shape"]))
    raise ValueError(kind)


def initial(parameter):
    role, shape = parameter["role"], parameter["shape"]
    if role in ("SCALE", "RUNNING_VARIANCE"):
        return torch.ones(shape)
    if role != "WEIGHT":
        return torch.zeros(shape)
    inputs = torch.Size(shape).numel() / shape[0]
    value = torch.randn(shape) * (2 / inputs) ** .5
    return value.contiguous(memory_format=torch.channels_last) if len(shape) == 4 else value


def main():
    task = json.load(open(sys.argv[1]))
    torch.set_num_threads(int(sys.argv[2]))
    torch.manual_seed(1)
    values, decayed, plain = {}, [], []
    for parameter in task["parameters"]:
        value = initial(parameter)
        values[parameter["name"]] = value
        if not parameter["role"].startswith("RUNNING"):
            value.requires_grad_(True)
            (decayed if parameter["role"] == "WEIGHT" else plain).append(value)
    optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0}],
                                lr=.01, momentum=.9, nesterov=True)
    mixture = [torch.full((n,), 1 / n, requires_grad=True) for n in task["options"]]
    images = torch.randn(task["batch"], *task["image"])
    labels = F.one_hot(torch.randint(task["classes"], (task["batch"],)), task["classes"]).float()

    def step(networks):
        wanted = labels
        for k, network in enumerate(networks):
            logits = run(network, values, mixture, images)
            loss = -(F.log_softmax(logits, 1) * wanted).sum() / logits.shape[0]
            loss.backward()
            if k == 0:
                loss.item()
                wanted = logits.detach().softmax(1)
        if task["update"]:
            torch.nn.utils.clip_grad_norm_(decayed + plain, 5)
            optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        for weights in mixture:
            weights.grad = None

    n = 0
    for line in sys.stdin:
        before = time.process_time()
        for _ in range(int(line)):
            step(task["steps"][n % len(task["steps"])])
            n += 1
        print(time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


main()
