// The other half of the slice of the simulated world in CI (world.sim.test.ts): two workers share it.
import { aGround, seedsHold } from './sim-suite.ts'

seedsHold(aGround(), 146, 300)
